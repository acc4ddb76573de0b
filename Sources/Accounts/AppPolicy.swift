// What an admin may set for one app, within the bounds that `Policy` gives. It must never be able
// to say less than what `Policy` asks at least: `isWithinBounds` says whether it does.

/// A class, because each request carries one: a copy costs one count.
package final class AppPolicy: Sendable {
    /// What holds for an app that no configuration speaks of.
    package static let standard = AppPolicy(throttle: .standard)

    package let throttle: ThrottlePolicy

    package init(throttle: ThrottlePolicy) {
        self.throttle = throttle
    }
}

/// How fast wrong codes may follow each other.
package struct ThrottlePolicy: Equatable, Sendable {
    package static let standard = ThrottlePolicy()

    /// Failures in a row before the first wait.
    package var freeFailures = Policy.freeFailures
    /// The first wait, doubled with each further failure.
    package var waitMin = Policy.waitMin
    package var waitMax = Policy.waitMax
    /// Failures in a row that lock.
    package var failuresMax = Policy.consecutiveFailuresMax

    package init() {}

    package var isWithinBounds: Bool {
        Policy.freeFailuresRange.contains(freeFailures)
            && Policy.waitMinRange.contains(waitMin) && Policy.waitMaxRange.contains(waitMax)
            && Policy.failuresMaxRange.contains(failuresMax)
    }
}
