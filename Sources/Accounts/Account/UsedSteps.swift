// What accepted codes have left of one authenticator.

package struct UsedSteps: Equatable, Sendable {
    /// When the newest step began whose code was accepted. A moment, not a number, so that it keeps
    /// its meaning when an import changes the period.
    package var lastStepBegan: Instant
    /// How many steps from the middle of the window the newest accepted ones were.
    package var drifts: Drifts
    /// How many steps from the clock's the middle of the window is: 0, or less for an authenticator
    /// whose clock has fallen behind.
    ///
    /// A clock that is ahead is not followed. Its codes would be accepted before their time, and
    /// after a restore nobody could say up to which step they were.
    package var offset: Int8

    package init(
        lastStepBegan: Instant = .distantPast, drifts: Drifts = Drifts(), offset: Int8 = 0
    ) {
        self.lastStepBegan = lastStepBegan
        self.drifts = drifts
        self.offset = offset
    }

    /// A code was accepted of a step that is so far from the middle of the window. The window moves
    /// there, within what the policy allows.
    mutating func note(_ drift: Int8, began: Instant, within max: Int8) {
        lastStepBegan = began
        drifts.note(drift)
        let next = Swift.min(Swift.max(offset + drift, -max), 0)
        drifts.shift(by: offset - next)
        offset = next
    }
}
