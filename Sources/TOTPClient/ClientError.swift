// Why a conversation with totpd failed, for people. It quotes no line of the conversation: requests
// hold codes, and replies may hold secrets.

import Glibc

package enum ClientError: Error, Equatable {
    /// No socket can have this path: it is empty, has a NUL, or does not fit.
    case pathUnfit(path: String)
    /// A system call failed with this `errno`.
    case callFailed(call: String, code: Int32)
    /// Nobody could be reached at this path; `code` is the `errno` of connect(2).
    case unreachable(path: String, code: Int32)
    /// The server hung up before the answer was complete.
    case closedByServer
    case timedOut
    /// A request, or a reply, is longer than `LineBuffer.lineBytesMax`.
    case lineTooLong
    /// A request with a line break in it would be two requests.
    case lineBroken
    /// An exchange failed earlier, or replies are still due: the next line that comes may be the
    /// answer to another question.
    case outOfStep
}

extension ClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .pathUnfit(let path):
            "a socket's path has 1 to \(UnixSocket.pathBytesMax) bytes and no NUL,"
                + " this one has \(path.utf8.count) bytes"
        case .callFailed(let call, let code): "\(call) failed: \(explanation(of: code))"
        case .unreachable(let path, let code):
            "cannot connect to \(path): \(explanation(of: code))"
        case .closedByServer: "the server closed the connection before it had answered"
        case .timedOut: "the server did not answer in time"
        case .lineTooLong: "a line has more than \(LineBuffer.lineBytesMax) bytes"
        case .lineBroken: "a request must not have a line break in it"
        case .outOfStep: "the connection is out of step: an earlier exchange has not ended"
        }
    }
}

/// The C library's words for an `errno`.
private func explanation(of code: Int32) -> String {
    guard let words = strerror(code) else { return "errno \(code)" }
    return "\(String(cString: words)) (errno \(code))"
}
