// What accepted codes have left of one authenticator.

package struct UsedSteps: Equatable, Sendable {
    /// When the newest step began whose code was accepted. A moment, not a number, so that it keeps
    /// its meaning when an import changes the period.
    package var lastStepBegan: Instant
    /// How many steps from the clock's the newest accepted ones were.
    package var drifts: Drifts

    package init(lastStepBegan: Instant = .distantPast, drifts: Drifts = Drifts()) {
        self.lastStepBegan = lastStepBegan
        self.drifts = drifts
    }
}
