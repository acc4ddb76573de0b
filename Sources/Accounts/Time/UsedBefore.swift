// What a store may have forgotten about all its accounts at once, as moments: every step up to then
// counts as used, and every attempt as ended.
//
// No two of these moments are the same in a store's life, whatever the clock said. So a secret that
// was made after the last of them is known by it (`Factor.madeAfter`).

package struct UsedBefore: Equatable, Sendable {
    /// No step is accepted that a code could have been accepted for by then.
    package private(set) var steps: Instant
    /// No attempt that was decided by then is answered again. It may be later than `steps`: where
    /// the clock was ahead for a while, a code has to count again, and an old answer need not.
    package private(set) var attempts: Instant
    /// No device counts that was remembered by then: it may have been ended since.
    package private(set) var devices: Instant

    package static let never = UsedBefore()

    /// - Parameters:
    ///   - restoredAt: when the store was put back to an older state, which has forgotten both.
    ///   - steps: at least up to then.
    ///   - attempts: at least up to then.
    package init(
        restoredAt: Instant = .distantPast, steps: Instant = .distantPast,
        attempts: Instant = .distantPast
    ) {
        devices = restoredAt
        self.steps = max(steps, restoredAt)
        self.attempts = max(attempts, self.steps)
    }

    /// What was answered last is gone, or may be. Nothing takes back what was forgotten before.
    ///
    /// - Parameters:
    ///   - now: by a clock that may have been set back.
    ///   - newestEvent: of those that are left, and the latest moment that any of them has. That
    ///     is another if the clock was set back.
    package mutating func forgetSteps(
        at now: Instant, newestEvent: (last: Instant, latest: Instant)?
    ) {
        steps = max(later, now, newestEvent?.last ?? now)
        attempts = max(attempts, steps, newestEvent?.latest ?? now)
    }

    /// The store was put back to an older state.
    package mutating func restore(at now: Instant) {
        devices = max(devices, now)
        steps = max(later, now)
        attempts = max(attempts, steps)
    }

    /// Later than every moment up to which steps were used.
    private var later: Instant { Instant(milliseconds: steps.milliseconds + 1) }
}
