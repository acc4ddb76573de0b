// The clock was set, by so much more than time has passed; back, where it is below zero.

package struct ClockJump: Equatable, Sendable {
    package let by: Duration

    package init(by: Duration) { self.by = by }
}
