// How far work has come that an admin asked for. Work that may fail once it has begun has two
// events, one for each end: nobody knows before the end how it ends.

package enum WorkStage: Equatable, Sendable {
    /// Something was asked that is answered at once.
    case asked
    case begun
    case ended
    /// A check was made, and not all is well.
    case foundProblems
    case failed(Refusal)

    /// As an event and the host's log have it.
    package var result: String {
        switch self {
        case .asked, .ended: return "ok"
        case .begun: return "begun"
        case .foundProblems: return "problems"
        case .failed(let refusal): return refusal.name.rawValue
        }
    }

    /// Those that are not names of refusals.
    package static let words = ["ok", "begun", "problems"]

    /// Whether somebody should look.
    package var isFailure: Bool {
        switch self {
        case .asked, .begun, .ended: return false
        case .foundProblems, .failed: return true
        }
    }
}
