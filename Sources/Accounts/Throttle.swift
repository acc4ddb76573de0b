// One budget of wrong codes: free ones, rising waits, a lock, and a long count that no success
// clears. It must never let an attempt through uncounted, nor wait longer than `Policy.waitMax`.

package struct Throttle: Equatable, Sendable {
    /// Failures since the last success.
    package var consecutiveFailures: UInt32 = 0
    /// Nothing is compared before this.
    package var waitsUntil = Instant.distantPast
    /// After `Policy.consecutiveFailuresMax`; only an admin or a new enrolment ends it.
    package var isLocked = false
    package var longCount = Bucket()

    package init() {}

    /// How much of a wait is left, or nil when none is.
    package func wait(at now: Instant) -> Duration? {
        now < waitsUntil ? waitsUntil - now : nil
    }

    /// Counts one attempt as failed. Every attempt is, before its code is compared.
    package mutating func charge(at now: Instant) {
        consecutiveFailures += 1
        longCount.add(at: now)
        let wait = max(
            Self.wait(after: consecutiveFailures),
            longCount.isOver(at: now) ? Policy.longCountWait : .zero)
        waitsUntil = now + wait
        if consecutiveFailures >= Policy.consecutiveFailuresMax { isLocked = true }
    }

    /// None for the first failures, then 30 s, 60 s, 120 s … up to an hour.
    static func wait(after failures: UInt32) -> Duration {
        guard failures >= Policy.freeFailures else { return .zero }
        // Doubling past the cap is pointless, and past 2⁶³ a trap.
        let doublings = min(failures - Policy.freeFailures, 16)
        return min(Policy.waitMin * (1 << Int64(doublings)), Policy.waitMax)
    }

    /// A right code: the consecutive count starts again, the long count does not.
    package mutating func succeed() {
        consecutiveFailures = 0
        waitsUntil = .distantPast
    }

    /// A new factor took the old one's place (NIST SP 800-63B-4 §3.2.2: rebinding unlocks).
    package mutating func rebind() {
        succeed()
        isLocked = false
    }

    /// Bounds what a clock that was set back would otherwise stretch to years.
    package mutating func settle(at now: Instant) {
        waitsUntil = min(waitsUntil, now + Policy.waitMax)
        longCount.settle(at: now)
    }
}
