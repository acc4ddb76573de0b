// What is known of a running totpd at one moment: counted on the loop, on the lane and in the
// store. It must come from a look that was answered: what hangs must not look well.

import Store

/// What the lane and the store say, from one look.
package struct StoreReport: Sendable {
    package let lane: LaneFigures
    package let store: StoreFigures
    /// How long the look waited for its turn, in microseconds.
    package let waited: Int64
    /// How long ago the last batch was kept, in seconds; nil when there was none.
    package let keptAgo: Int64?

    init(
        _ lane: LaneFigures, _ store: StoreFigures, askedAt: Int64, now: Int64 = LaneFigures.now()
    ) {
        self.lane = lane
        self.store = store
        waited = now - askedAt
        keptAgo = lane.keptAt == 0 ? nil : (now - lane.keptAt) / 1_000_000
    }
}
