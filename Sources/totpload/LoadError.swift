// Why a run could not be made or could not be finished, in words for the person who started it.

enum LoadError: Error, Equatable {
    case malformed(option: String, rule: String)
    /// Each verify needs an account of its own: a code works once.
    case tooFewAccounts(needed: Int, given: Int)
    case connectionClosed(replies: Int, requests: Int)
    case stalled(seconds: Int, replies: Int, requests: Int)
    case surplusReply(replies: Int)
    case replyTooLong(bytes: Int)
    case callFailed(call: String, code: Int32)
}

extension LoadError: CustomStringConvertible {
    var description: String {
        switch self {
        case .malformed(let option, let rule): "\(option) \(rule)"
        case .tooFewAccounts(let needed, let given):
            "this takes \(needed) accounts, and there are \(given): a code works once, so each"
                + " request of each round needs an account of its own"
        case .connectionClosed(let replies, let requests):
            "the server closed a connection after \(replies) of \(requests) replies"
        case .stalled(let seconds, let replies, let requests):
            "no reply for \(seconds) s, after \(replies) of \(requests)"
        case .surplusReply(let replies):
            "a reply came that nothing had asked for, after \(replies) replies"
        case .replyTooLong(let bytes): "a reply has more than \(bytes) bytes"
        case .callFailed(let call, let code): "\(call) failed: errno \(code)"
        }
    }
}
