// How many accounts had a code accepted of which step.

struct SkewCounts: Equatable, Sendable {
    /// Of the step after this host's, of this host's own, of the one before.
    var early = 0
    var punctual = 0
    var late = 0

    /// So many that chance says nothing. With every second code late, which takes slow typists,
    /// more than three in four of 64 are late once in 80,000 times, with every third once in 10¹².
    static let accountsMin = 64

    var all: Int { early + punctual + late }
    var isEnough: Bool { all >= Self.accountsMin }

    /// A code arrives 5 to 15 s after it was read, and so a sixth to a half of them late when all
    /// clocks are right; three in four are late when this host's is 8 to 17 s fast. None is early
    /// then: a half is when it is about 25 s slow. Both get in by the window of one step, which
    /// refuses the first people at about 40 s.
    var skew: ClockSkew? {
        guard isEnough else { return nil }
        if late * 4 > all * 3 { return .fast }
        if early * 2 > all { return .slow }
        return nil
    }
}
