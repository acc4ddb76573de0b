// What is left, as a client reads it.

package struct LimitStatus: Equatable, Sendable {
    package let remaining: Int
    /// Until all of it is there again.
    package let resetAfter: Duration

    package init(remaining: Int, resetAfter: Duration) {
        self.remaining = remaining
        self.resetAfter = resetAfter
    }
}
