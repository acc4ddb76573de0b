// A point in time, of another type than a length of time, so that one is never taken for the
// other. Nothing in this module asks what time it is: every decision is told.

/// Milliseconds since 1970-01-01T00:00:00Z.
package struct Instant: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(seconds: Int64) { milliseconds = seconds * 1000 }

    /// Before any account was made.
    package static let distantPast = Instant(milliseconds: 0)

    /// What a record may say: about 280,000 years either way. No clock gets there (Linux takes none
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
