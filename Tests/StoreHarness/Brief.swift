// Answers in a word, for lists of what is expected.

import Accounts
import Store

extension ChangeResult {
    package var brief: String {
        switch self {
        case .account(let result): return result.brief
        case .limit(.decided(.success)), .event: return "ok"
        case .limit(.decided(.failure(let refusal))): return refusal.name.rawValue
        case .limit(.unreadable(let fault)): return "unreadable limit: \(fault)"
        }
    }
}

extension AccountResult {
    package var brief: String {
        switch self {
        case .unreadable(let fault): return "unreadable: \(fault)"
        case .unreadableSource(let fault): return "unreadable limit: \(fault)"
        case .decided(let answer, _): return answer.brief
        }
    }
}

extension Answer {
    package var brief: String {
        switch self {
        case .accepted: return "ok"
        case .refused(let refusal): return refusal.name.rawValue
        case .needs: return "needs"
        }
    }
}
