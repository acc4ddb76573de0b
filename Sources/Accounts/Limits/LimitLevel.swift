// A limit's state under its rule, at a moment: all in parts of a millisecond.

struct LimitLevel {
    private let rule: LimitPolicy
    private let now: Instant
    private let used: Int64
    /// Whether it is not as it was stored, which must be made up for: see `StoredMoments`.
    let isMoved: Bool

    /// A rule is read within `Policy.limitMaxRange` and `Policy.limitSecondsRange`, be it of a
    /// request or of the configuration: nothing here is divided by zero, and 10⁶ × 2.6 × 10⁹ ms are
    /// far below 2⁶³.
    ///
    /// - Parameter state: nil for a key of which nothing is spent.
    init(_ state: LimitState?, under rule: LimitPolicy, at now: Instant) {
        (self.rule, self.now) = (rule, now)
        let settled = state?.settled(at: now, atMost: rule.per)
        isMoved = settled != state
        guard let settled, !settled.isOver(at: now) else {
            used = 0
            return
        }
        let full = rule.per.milliseconds * Int64(rule.max)
        let left = (settled.emptyAt - now).milliseconds
        used = min(left * Int64(rule.max) + settled.part(of: rule.max), full)
    }

    private var full: Int64 { rule.per.milliseconds * Int64(rule.max) }
    private func spent(by cost: Int) -> Int64 { Int64(cost) * rule.per.milliseconds }

    var status: LimitStatus {
        LimitStatus(
            remaining: Int((full - used) / rule.per.milliseconds),
            resetAfter: roundedUp(used))
    }

    /// How long until there is room for `cost`; nil when there is.
    func wait(for cost: Int) -> Duration? {
        let excess = used + spent(by: cost) - full
        return excess > 0 ? roundedUp(excess) : nil
    }

    /// After spending `cost`, as if there were always room: who spends asks `wait` first.
    func spending(_ cost: Int) -> LimitState {
        LimitState(min(used + spent(by: cost), full), of: rule.max, since: now)
    }

    private func roundedUp(_ parts: Int64) -> Duration {
        Duration(milliseconds: (parts + Int64(rule.max) - 1) / Int64(rule.max))
    }
}

extension LimitState {
    /// The part of a millisecond in the parts of another rule, rounded up.
    fileprivate func part(of max: Int) -> Int64 {
        guard Int64(max) != Int64(parts) else { return Int64(part) }
        return (Int64(part) * Int64(max) + Int64(parts) - 1) / Int64(parts)
    }
}
