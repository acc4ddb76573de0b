// What a store may have forgotten about all its accounts at once, as moments: every step up to then
// counts as used, and every attempt as ended.
//
// No two of these moments are the same in a store's life, whatever the clock said. So a secret that
// was made after the last of them is known by it (`Factor.madeAfter`).

package struct UsedBefore: Equatable, Sendable {
    /// No step is accepted that a code could have been accepted for by then, and no attempt that
    /// was decided by then is answered again.
    package private(set) var steps: Instant
    /// No device counts that was remembered by then: it may have been ended since.
    package private(set) var devices: Instant

    package static let never = UsedBefore()

    /// - Parameters:
    ///   - restoredAt: when the store was put back to an older state, which has forgotten both.
    ///   - steps: at least up to then.
    package init(restoredAt: Instant = .distantPast, steps: Instant = .distantPast) {
        devices = restoredAt
        self.steps = max(steps, restoredAt)
    }

    /// What was answered last is gone, or may be. Nothing takes back what was forgotten before.
    ///
    /// - Parameters:
    ///   - now: by a clock that may have been set back.
    ///   - newestEvent: of those that are left.
    package mutating func forgetSteps(at now: Instant, newestEvent: Instant?) {
        steps = max(later, now, newestEvent ?? now)
    }

    /// The store was put back to an older state.
    package mutating func restore(at now: Instant) {
        devices = max(devices, now)
        steps = max(later, now)
    }

    /// Later than every moment up to which steps were used.
    private var later: Instant { Instant(milliseconds: steps.milliseconds + 1) }
}
