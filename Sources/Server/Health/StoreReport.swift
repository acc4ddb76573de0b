// What the lane and the store say of themselves, from one look that was answered: what hangs does
// not look well.

import Store

package struct StoreReport: Sendable {
    package let lane: LaneFigures
    package let store: StoreFigures
    /// How long the look waited for its turn, in microseconds.
    package let waited: Int64
    /// How long ago the last batch was kept, in seconds; nil when there was none.
    package let keptAgo: Int64?
    /// How long ago the last batch was refused, in seconds; nil when none was.
    package let refusedAgo: Int64?

    package init(
        _ lane: LaneFigures, _ store: StoreFigures, askedAt: Int64,
        now: Int64 = MonotonicClock.microseconds()
    ) {
        self.lane = lane
        self.store = store
        waited = now - askedAt
        keptAgo = lane.keptAt == 0 ? nil : (now - lane.keptAt) / 1_000_000
        refusedAgo = lane.refusedAt == 0 ? nil : (now - lane.refusedAt) / 1_000_000
    }
}

extension StoreReport {
    /// Whether requests are refused for want of room. Where nobody asks any more, nothing is
    /// refused or kept that would tell: then room on the disk does, once the refusal is a minute
    /// old.
    var isFull: Bool {
        guard lane.isFull else { return false }
        guard let room = store.roomBytes, let refusedAgo else { return true }
        return room < ServerPolicy.roomUsual || refusedAgo < ServerPolicy.refusalNewsSeconds
    }

    /// How asking for a report ended.
    package enum Outcome: Sendable {
        case found(StoreReport)
        case failed(StoreFault)
        /// The lane did not answer in time, or answers nobody any more.
        case late

        /// Of a look on the lane; `store` is nil once it has broken.
        init(_ store: (any AccountStore)?, _ lane: WriterLane, askedAt: Int64) {
            guard let store else {
                self = .late
                return
            }
            do throws(StoreFault) {
                self = .found(StoreReport(lane.figures, try store.figures(), askedAt: askedAt))
            } catch {
                self = .failed(error)
            }
        }
    }
}
