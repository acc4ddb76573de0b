// How long events are kept, as whoever serves from the store says it.

import Accounts
import Store

extension LMDBStore {
    /// Removes events that are older or take more room, and limits that are over, beside the
    /// serving. May be called from any thread.
    ///
    /// - Parameters:
    ///   - now: the clock that events are stamped with.
    ///   - uptime: see `ClockWatch.look`.
    package func keepEvents(
        for time: Duration, atMost bytesMax: Int = .max, now: @escaping @Sendable () -> Instant,
        uptime: @escaping @Sendable () -> Duration = ClockWatch.uptime
    ) {
        retention.keep(for: time, atMost: bytesMax, now: now, uptime: uptime)
        chores.poke()
    }
}
