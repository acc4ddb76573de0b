// The one place where a system call's result is looked at: a failure is thrown, and none passes
// unseen.

import Glibc

/// The call's result; failure, which is -1, is thrown. A call that a signal cut short is repeated.
@discardableResult
func check<Result: SignedInteger>(
    _ call: String, _ body: () -> Result
) throws(SystemdError) -> Result {
    while true {
        let result = body()
        if result != -1 { return result }
        let code = errno
        guard code == EINTR else { throw .callFailed(call: call, code: code) }
    }
}
