// How fast wrong codes may follow each other.

package struct ThrottlePolicy: Equatable, Sendable {
    package static let standard = ThrottlePolicy()

    /// Failures in a row before the first wait.
    package var freeFailures = Policy.freeFailures
    /// The first wait, doubled with each further failure.
    package var waitMin = Policy.waitMin
    package var waitMax = Policy.waitMax
    /// Failures in a row that lock.
    package var failuresMax = Policy.consecutiveFailuresMax

    /// Failures in the long count from which on one step is accepted instead of three. No admin
    /// sets it: see `AppPolicy.guessedAt`.
    package var narrowFrom = Policy.narrowLongCount

    package init() {}

    package var isWithinBounds: Bool {
        Policy.freeFailuresRange.contains(freeFailures)
            && Policy.waitMinRange.contains(waitMin) && Policy.waitMaxRange.contains(waitMax)
            && Policy.failuresMaxRange.contains(failuresMax)
    }
}
