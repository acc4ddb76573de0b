// One limit as one moment: when all that was spent has come back (GCRA, the generic cell rate
// algorithm of ATM: ITU-T I.371). It must never let more through than its rule says, whatever is
// rounded, nor need a timer.

/// What is left, as a client reads it.
package struct LimitStatus: Equatable, Sendable {
    package let remaining: Int
    /// Until all of it is there again.
    package let resetAfter: Duration

    package init(remaining: Int, resetAfter: Duration) {
        self.remaining = remaining
        self.resetAfter = resetAfter
    }
}

/// What was spent of one key's limit.
package struct LimitState: Equatable, Sendable {
    /// When nothing of it is left, in whole milliseconds and a part of one more.
    package private(set) var emptyAt: Instant
    package private(set) var part: UInt32
    /// How many parts a millisecond has: the rule's `max`. One of `max` comes back every `per`
    /// parts, so nothing is ever rounded while the rule stays the same.
    package let parts: UInt32
    /// When something was spent last; nil where an older version has not kept it.
    package private(set) var spentAt: Instant?

    /// Nil for what cannot be.
    package init?(emptyAt: Instant, part: UInt32, parts: UInt32, spentAt: Instant? = nil) {
        guard part < parts else { return nil }
        (self.emptyAt, self.part, self.parts) = (emptyAt, part, parts)
        self.spentAt = spentAt
    }

    /// All is spent until then.
    init(spentUntil end: Instant, since now: Instant) {
        (emptyAt, part, parts, spentAt) = (end, 0, 1, now)
    }

    /// So many parts of a millisecond, under a rule that has so many in one.
    fileprivate init(_ used: Int64, of max: Int, since now: Instant) {
        // `max` is 1,000,000 at most, and the remainder below it.
        let (whole, part) = used.quotientAndRemainder(dividingBy: Int64(max))
        emptyAt = now + Duration(milliseconds: whole)
        (self.part, parts, spentAt) = (UInt32(part), UInt32(max), now)
    }

    mutating func move(by duration: Duration) {
        emptyAt = emptyAt + duration
        spentAt = spentAt.map { $0 + duration }
    }

    mutating func end(at end: Instant, spentAt now: Instant) {
        (emptyAt, part, spentAt) = (end, 0, now)
    }

    package func isOver(at now: Instant) -> Bool {
        emptyAt < now || emptyAt == now && part == 0
    }

    /// When it is over, rounded up.
    package var endsAt: Instant {
        part == 0 ? emptyAt : Instant(milliseconds: emptyAt.milliseconds + 1)
    }
}

/// A state under its rule, at a moment: all in parts of a millisecond.
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
