// A length of time, in whole milliseconds, as records have it. Swift's own has 128 bits and counts
// attoseconds: where that is meant, the code says `Swift.Duration`.

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
