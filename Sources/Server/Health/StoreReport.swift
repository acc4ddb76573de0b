// What is known of a running totpd at one moment: counted on the loop, on the lane and in the
// store. It must come from a look that was answered: what hangs must not look well.

import Accounts
import Store
import Wire

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

/// How asking for a report ended.
package enum StoreReportOutcome: Sendable {
    case found(StoreReport)
    case failed(StoreFault)
    /// The lane did not answer in time, or answers nobody any more.
    case late
}

/// What the event loop knows.
package struct LoopFigures: Sendable {
    package var requests: [RequestCount] = []
    package var requestsByApp: [AppName: [RequestCount]] = [:]
    package var connectionsByApp: [AppName: Int] = [:]
    package var appConnections = 0
    package var adminConnections = 0
    /// Some app has as many connections as it may, or all have together.
    package var areAppsFull = false
    package var watchers = 0
    /// Changes that wait for the lane.
    package var waiting = 0
    package var jobs: [JobProgress] = []
    package var clockLean: ClockSkew?
    /// Somebody's code was refused of late, because the clock was set back.
    package var isClockBehind = false
    /// All codes of an app come from one private source.
    package var isOneSource = false

    package init() {}
}
