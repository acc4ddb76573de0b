// What a store may have forgotten about all its accounts at once, as moments: every step up to then
// counts as used.

package struct UsedBefore: Equatable, Sendable {
    /// No step is accepted that a code could have been accepted for by then.
    package private(set) var steps: Instant
    /// No device counts that was remembered by then: it may have been ended since.
    package let devices: Instant

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
        steps = max(steps, now, newestEvent ?? now)
    }
}
