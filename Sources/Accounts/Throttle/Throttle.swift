// One budget of wrong codes: free ones, rising waits, a lock, and a long count that no right code
// clears.

package struct Throttle: Equatable, Sendable {
    /// Failures since the last success.
    package var consecutiveFailures: UInt32 = 0
    /// Nothing is compared before this. Also says when the budget changed last: a wait earlier, be
    /// it of no length.
    package var waitsUntil = Instant.distantPast
    /// After `ThrottlePolicy.failuresMax`; only an admin or a new enrolment ends it.
    package var isLocked = false
    package var longCount = Bucket()

    package init() {}

    /// How much of a wait is left, or nil when none is.
    package func wait(at now: Instant) -> Duration? {
        now < waitsUntil ? waitsUntil - now : nil
    }

    /// How many wrong codes it takes until the next wait or the lock. Nil when none has failed in a
    /// row, and while a wait or a lock holds.
    package func triesLeft(at now: Instant, under policy: ThrottlePolicy) -> Int? {
        guard consecutiveFailures > 0, !isLocked, wait(at: now) == nil else { return nil }
        var throttle = self
        var tries = 0
        repeat {
            throttle.charge(at: now, under: policy)
            tries += 1
        } while throttle.wait(at: now) == nil && !throttle.isLocked
        return tries
    }

    /// How long somebody is told to wait, or nil: no time ends a lock.
    package func retryAfter(at now: Instant) -> Duration? {
        isLocked ? nil : wait(at: now)
    }

    /// Counts one attempt as failed. Every attempt is, before its code is compared.
    package mutating func charge(at now: Instant, under policy: ThrottlePolicy) {
        // Where it cannot count on, it stays: a lock stands long before, in whatever record.
        if consecutiveFailures < .max { consecutiveFailures += 1 }
        longCount.add(at: now)
        let wait = max(
            Self.wait(after: consecutiveFailures, under: policy),
            longCount.isOver(at: now) ? Policy.longCountWait : .zero)
        waitsUntil = now + wait
        if consecutiveFailures >= policy.failuresMax { isLocked = true }
    }

    /// None for the first failures, then 30 s, 60 s, 120 s … up to an hour.
    static func wait(after failures: UInt32, under policy: ThrottlePolicy) -> Duration {
        guard failures >= policy.freeFailures else { return .zero }
        // Doubling past the cap is pointless, and past 2⁶³ a trap.
        let doublings = min(failures - policy.freeFailures, 16)
        return min(policy.waitMin * (1 << Int64(doublings)), policy.waitMax)
    }

    /// A right code: the consecutive count starts again, the long count does not.
    package mutating func succeed(at now: Instant) {
        consecutiveFailures = 0
        waitsUntil = longCount.level(at: now) > 0 ? now : .distantPast
    }

    /// A new factor took the old one's place (NIST SP 800-63B-4 §3.2.2: rebinding unlocks).
    package mutating func rebind(at now: Instant) {
        succeed(at: now)
        isLocked = false
    }
}
