// The one place where a system call's result is looked at, and the owner of the descriptors we
// open. It must never let a failure pass unseen.

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

/// A descriptor of our own, closed when its owner is gone.
struct OwnDescriptor: ~Copyable {
    let number: Int32

    deinit {
        // Other failures of close(2) concern unwritten data, and a datagram socket has none.
        if close(number) == -1, errno == EBADF {
            preconditionFailure("a descriptor has one owner, and that one closes it once")
        }
    }
}
