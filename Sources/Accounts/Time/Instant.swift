// Points and lengths of time as two types, so that one is never taken for the other. Nothing in
// this module may ask what time it is: every decision is told.

/// Milliseconds since 1970-01-01T00:00:00Z.
package struct Instant: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(seconds: Int64) { milliseconds = seconds * 1000 }

    /// Before any account was made.
    package static let distantPast = Instant(milliseconds: 0)

    /// What a record may say: some 280,000 years either way. No clock gets there (Linux takes none
    /// past 2262, and no rule adds more than a few months), and a few such moments added, or taken
    /// from each other, are far below 2⁶³ ms: no arithmetic on moments traps.
    package static let range =
        Instant(milliseconds: -(1 << 53))...Instant(milliseconds: 1 << 53)

    /// After anything that a clock will say.
    package static let distantFuture = range.upperBound

    /// Whole seconds, rounded down: what RFC 6238 counts steps in.
    package var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(milliseconds: instant.milliseconds + duration.milliseconds)
    }

    package static func - (instant: Instant, duration: Duration) -> Instant {
        Instant(milliseconds: instant.milliseconds - duration.milliseconds)
    }

    package static func - (left: Instant, right: Instant) -> Duration {
        Duration(milliseconds: left.milliseconds - right.milliseconds)
    }
}

package struct Duration: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static let zero = Duration(milliseconds: 0)
    package static func seconds(_ count: Int64) -> Duration { Duration(milliseconds: count * 1000) }
    package static func minutes(_ count: Int64) -> Duration { seconds(60 * count) }
    package static func hours(_ count: Int64) -> Duration { minutes(60 * count) }
    package static func days(_ count: Int64) -> Duration { hours(24 * count) }

    /// What a client is told to wait: whole seconds, rounded up, never less than none.
    package var secondsRoundedUp: Int64 { milliseconds <= 0 ? 0 : (milliseconds + 999) / 1000 }

    package static func < (left: Duration, right: Duration) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package static func - (left: Duration, right: Duration) -> Duration {
        Duration(milliseconds: left.milliseconds - right.milliseconds)
    }

    package static func * (duration: Duration, factor: Int64) -> Duration {
        Duration(milliseconds: duration.milliseconds * factor)
    }

    package static func / (duration: Duration, divisor: Int64) -> Duration {
        Duration(milliseconds: duration.milliseconds / divisor)
    }
}
