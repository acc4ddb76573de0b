// A store that lives through days in no time: the clock goes on, and so does the one that nobody
// sets.

import Accounts
import LMDBStore

extension LMDBStore {
    /// Keeps events for so long, after it has lived through all that is left until then.
    func keepEvents(for time: Duration, livedUntil end: Instant) {
        let began = clockWatch.moments.expected
        clockWatch.observe(began, uptime: .zero)
        keepEvents(for: time, now: { end }, uptime: { end - began })
    }
}
