// One limit as one moment: when all that was spent has come back (GCRA, the generic cell rate
// algorithm of ATM: ITU-T I.371). It needs no timer. Rounding never lets more through than the rule
// says.

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
    init(_ used: Int64, of max: Int, since now: Instant) {
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
