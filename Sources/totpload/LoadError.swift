// Why a run could not be made or could not be finished, in words for the person who started it.

enum LoadError: Error, Equatable {
    case malformed(option: String, rule: String)
    /// Each verify needs an account of its own: a code works once.
    case tooFewAccounts(needed: Int, given: Int)
    /// With the first unexpected reply, if there was one: it may say why.
    case connectionClosed(replies: Int, requests: Int, unexpected: String?)
    case stalled(seconds: Int, replies: Int, requests: Int)
    case surplusReply(text: String)
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
        case .connectionClosed(let replies, let requests, let unexpected):
            "the server closed a connection after \(replies) of \(requests) replies"
                + (unexpected.map { ", one of which was \($0)" } ?? "")
        case .stalled(let seconds, let replies, let requests):
            "no reply for \(seconds) s, after \(replies) of \(requests)"
        case .surplusReply(let text): "a reply came that nothing had asked for: \(text)"
        case .replyTooLong(let bytes): "a reply has more than \(bytes) bytes"
        case .callFailed(let call, let code): "\(call) failed: errno \(code)"
        }
    }
}
