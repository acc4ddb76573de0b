// How many days the host has lived through, and whether its clock can be trusted. It takes more
// than one look at the clock. A clock that is wrong for a while makes nothing old. A clock that was
// set right is trusted after some time, also if the host was off or asleep.

/// What a clock has been seen to say, beside what another clock has counted that nobody sets.
package struct LivedClock: Equatable, Sendable {
    /// What a store keeps of it.
    package struct Moments: Equatable, Sendable {
        /// So far days have been lived through. What grows old by days grows old by this: it
        /// follows the clock, at most `Policy.clockCatchUp` times as fast as time passes. So a
        /// minute of a clock that is years ahead ages nothing by more than six, and a host that was
        /// off for a season is where it should be after some weeks.
        package var lived: Instant
        /// What the clock should say: what it said when it was trusted, and the time since.
        package var expected: Instant

        package init(lived: Instant, expected: Instant) {
            (self.lived, self.expected) = (lived, expected)
        }
    }

    package private(set) var moments: Moments
    /// How long the clock has been elsewhere; nil while it is where it should be.
    private var astray: Duration?
    /// What it said last; nil at a start.
    private var last: Instant?
    /// The host may have been off, nobody knows for how long: there was no trusted look since.
    private var mayHaveRested = true

    package init(_ moments: Moments) { self.moments = moments }

    /// Whether the clock is where it should be, as far as anybody has looked.
    package var isTrusted: Bool { astray == nil }

    /// What is older than this by its time is old; nil when nothing may be called so, because
    /// nobody has looked yet, or because the clock is not trusted.
    package var settled: Instant? {
        guard isTrusted, let last else { return nil }
        return min(moments.lived, last)
    }

    /// A look at the clock. Returns by how much it has jumped, where it has.
    ///
    /// - Parameter elapsed: since the last look, by a clock that nobody sets; zero for the first.
    package mutating func observe(_ now: Instant, after elapsed: Duration) -> ClockJump? {
        let step = elapsed * Policy.clockCatchUp
        moments.lived =
            now >= moments.lived
            ? min(now, moments.lived + step) : max(now, moments.lived - step)
        moments.expected = moments.expected + elapsed
        let gap = now - moments.expected
        let isNear = Policy.clockTolerance(mayHaveRested: mayHaveRested).contains(gap)
        let jump = last.map { now - ($0 + elapsed) } ?? (isNear ? .zero : gap)
        last = now

        let hasJumped = !Policy.clockTolerance(mayHaveRested: false).contains(jump)
        if isNear {
            trust(now)
        } else if let time = astray, !hasJumped {
            astray = Duration(milliseconds: time.milliseconds + elapsed.milliseconds)
            if let astray, astray >= gap.believedAfter { trust(now) }
        } else {
            astray = .zero
        }
        return hasJumped ? ClockJump(by: jump) : nil
    }

    private mutating func trust(_ now: Instant) {
        moments.expected = now
        astray = nil
        mayHaveRested = false
    }
}

extension Duration {
    /// How long a clock that is so far from where it should be has to stay there: as long as that
    /// is, but no longer than it takes until somebody would have noticed.
    fileprivate var believedAfter: Duration {
        min(max(self, Duration.zero - self), Policy.clockBelievedAfter)
    }
}
