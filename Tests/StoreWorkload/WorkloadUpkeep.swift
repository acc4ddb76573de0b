// What a store driver does beside its batches, so that a test can end it in the middle of that.

import Accounts
import LMDBStore
import Store

package enum WorkloadUpkeep: String, CaseIterable, Sendable {
    /// New record keys, one after the other.
    case rotation
    /// Events of more than ten batches ago go.
    case trimming
    /// Events take two pages at most.
    case bounding
    /// A copy after every third batch.
    case backup

    package var removesEvents: Bool { self == .trimming || self == .bounding }

    package func run(after number: Int, _ store: LMDBStore, in state: String) throws {
        switch self {
        case .rotation:
            guard store.rotation == nil else { return }
            _ = try store.rotateMasterKey()
            _ = try store.rotateRecordKey()
            _ = try store.apply([])
        case .trimming:
            let now = Workload.now(number)
            store.keepEvents(
                for: .minutes(10), now: { now }, uptime: { now - .distantPast })
        case .bounding:
            let now = Workload.now(number)
            store.keepEvents(
                for: .days(400), atMost: 8 << 10, now: { now }, uptime: { now - .distantPast })
        case .backup:
            guard number.isMultiple(of: 3) else { return }
            do {
                let target = try NewPath(Self.backup(after: number, in: state))
                _ = try store.backup(to: target, Job("backup"))
            } catch NewPathFault.exists {
                // A driver before this one was killed right after it had made it.
                return
            }
        }
    }

    package static func backup(after number: Int, in state: String) -> String {
        "\(state)/backup-\(number)"
    }
}
