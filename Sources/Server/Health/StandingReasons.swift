// What `health` knows without a look into the store: how the newest backup, export, check and
// change of keys ended, and whether a reload was refused. A failure stands until the same work
// succeeds.

import Accounts
import Synchronization
import Wire

package final class StandingReasons: Sendable {
    private let reasons = Mutex<Set<Health.Reason>>([])

    var all: Set<Health.Reason> { reasons.withLock { $0 } }

    func set(_ reason: Health.Reason, _ stands: Bool) {
        reasons.withLock { reasons in
            if stands { reasons.insert(reason) } else { reasons.remove(reason) }
        }
    }

    /// How work ended. What was never begun, because the same is under way, says nothing of it.
    func note(_ op: OperationName, _ stage: WorkStage) {
        guard let failure = Self.failures[op] else { return }
        switch stage {
        case .asked, .begun: return
        case .failed(let refusal) where refusal.name == .busy: return
        case .failed: set(failure, true)
        case .ended:
            set(failure, false)
            if op == .check { set(.checkProblems, false) }
        case .foundProblems:
            // An export that lacks accounts is none to rely on; a check that found some was made.
            set(failure, op != .check)
            if op == .check { set(.checkProblems, true) }
        }
    }

    private static let failures: [OperationName: Health.Reason] = [
        .backup: .backupFailed, .export: .exportFailed, .check: .checkFailed,
        .rotateKey: .rotationFailed,
    ]
}
