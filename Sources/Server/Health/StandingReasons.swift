// What `health` knows without a look into the store: how the newest backup, check and change of
// keys ended, the newest export of each app, and whether a reload was refused. A failure stands
// until the same work succeeds: an export of one app says nothing of another.

import Accounts
import Synchronization
import Wire

package final class StandingReasons: Sendable {
    private struct State {
        var reasons: Set<Health.Reason> = []
        /// Those whose newest export was not made.
        var appsNotExported: Set<AppName> = []
        /// There were more of them than are remembered.
        var areMoreNotExported = false
    }

    /// Apps that are remembered one by one; whoever asks for exports makes up their names.
    static let appsMax = 1000

    private let state = Mutex(State())

    var all: Set<Health.Reason> {
        state.withLock { state in
            let isExported = state.appsNotExported.isEmpty && !state.areMoreNotExported
            return isExported ? state.reasons : state.reasons.union([.exportFailed])
        }
    }

    func set(_ reason: Health.Reason, _ stands: Bool) {
        state.withLock { state in
            if stands { state.reasons.insert(reason) } else { state.reasons.remove(reason) }
        }
    }

    /// How work ended. What was never begun, because the same is under way, says nothing of it.
    ///
    /// - Parameter app: that it is about; nil for work on all of totpd.
    func note(_ op: OperationName, of app: AppName? = nil, _ stage: WorkStage) {
        switch stage {
        case .asked, .begun: return
        case .failed(let refusal) where refusal.name == .busy: return
        case .failed: set(op, app, isFailed: true)
        case .ended:
            set(op, app, isFailed: false)
            if op == .check { set(.checkProblems, false) }
        case .foundProblems:
            // An export that lacks accounts is none to rely on; a check that found some was made.
            set(op, app, isFailed: op != .check)
            if op == .check { set(.checkProblems, true) }
        }
    }

    private func set(_ op: OperationName, _ app: AppName?, isFailed: Bool) {
        switch op {
        case .backup: set(.backupFailed, isFailed)
        case .check: set(.checkFailed, isFailed)
        case .rotateKey: set(.rotationFailed, isFailed)
        case .export: setExport(of: app ?? .standard, isFailed: isFailed)
        default: return  // What takes no time fails before its reply, and is told there.
        }
    }

    private func setExport(of app: AppName, isFailed: Bool) {
        state.withLock { state in
            if !isFailed {
                state.appsNotExported.remove(app)
            } else if state.appsNotExported.count < Self.appsMax {
                state.appsNotExported.insert(app)
            } else if !state.appsNotExported.contains(app) {
                state.areMoreNotExported = true
            }
        }
    }
}
