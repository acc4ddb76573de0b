// A leaky bucket as one number: the moment at which it will be empty. It needs no timer.

/// Holds up to `Policy.longCountMax` failures and loses them evenly over `Policy.longCountPeriod`.
package struct Bucket: Equatable, Sendable {
    package var emptyAt = Instant.distantPast

    package init() {}

    /// What one failure adds to the time until the bucket is empty: 25,920 s.
    package static let drop = Policy.longCountPeriod / Policy.longCountMax

    /// Adds a failure. A full bucket stays full: it drains from full once the guessing ends.
    package mutating func add(at now: Instant) {
        emptyAt = min(max(emptyAt, now) + Self.drop, now + Policy.longCountPeriod)
    }

    /// Failures in the bucket, rounded up.
    package func level(at now: Instant) -> Int64 {
        let left = (emptyAt - now).milliseconds
        return left <= 0 ? 0 : (left + Self.drop.milliseconds - 1) / Self.drop.milliseconds
    }

    /// Until one more failure fits in, or nil when it does now.
    func waitForRoom(at now: Instant) -> Duration? {
        let wait = emptyAt - now - Self.drop * (Policy.longCountMax - 1)
        return wait > .zero ? wait : nil
    }

    package func isOver(at now: Instant) -> Bool {
        level(at: now) >= Policy.longCountMax
    }
}
