// Whether codes are refused because the clock was set back. One person is enough, since there is no
// other cause. It ends when the clock has caught up.

import Accounts

/// Used on the event loop only.
struct ClockBehind {
    /// After this nobody is waited for any more: whoever was reset does not ask again.
    static let windowTime = Duration.hours(6)

    private var until = Instant.distantPast
    private var notedAt = Instant.distantPast

    /// - Parameter wait: until the clock has caught up with somebody's newest step.
    mutating func note(_ wait: Duration, at now: Instant) {
        until = isSo(at: now) ? max(until, now + wait) : now + wait
        notedAt = now
    }

    /// A clock that was set back once more since is still behind, and by more.
    func isSo(at now: Instant) -> Bool {
        now < until && now - notedAt < Self.windowTime
    }
}
