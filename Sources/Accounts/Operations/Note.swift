// What an admin asked of the whole of totpd, or what totpd found of itself, as an event: nothing is
// decided, and no account is touched. It must come before what it tells of, so that nothing is done
// that was not written down.

package struct Note: Operation {
    /// What it tells. Work that may fail once it has begun has two notes: nobody knows before the
    /// end how it ends.
    package enum Stage: Equatable, Sendable {
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

    private let stage: Stage
    private let alert: Alert?

    package init(_ stage: Stage = .asked, alert: Alert? = nil) {
        (self.stage, self.alert) = (stage, alert)
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        Outcome(account, .accepted(.noted(stage)), alert: alert)
    }
}
