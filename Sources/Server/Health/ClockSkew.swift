// Which way the accepted codes of most accounts lean: phones keep their clocks right, so if most
// are off, it is this host's. One account must not count for many, however often it logs in.

import Accounts

/// What the codes tell of this host's clock.
package enum ClockSkew: Sendable {
    case fast
    case slow
}

/// How many accounts had a code accepted of which step.
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
    /// then: a half is when it is some 25 s slow. Both get in by the window of one step, which
    /// refuses the first people at some 40 s.
    var lean: ClockSkew? {
        guard isEnough else { return nil }
        if late * 4 > all * 3 { return .fast }
        if early * 2 > all { return .slow }
        return nil
    }
}

/// The counts of the last hours. Used on the event loop only.
struct SkewWindow {
    /// Long enough that a site with some 250 logins a day has its 64 accounts, and so short that a
    /// clock that was mended is not called wrong the next day.
    static let windowTime = Duration.hours(6)
    /// Enough to judge by; a busy site has them in seconds, and judges what is now.
    static let accountsMax = 1024
    /// Four bits for each: at the end one in four is taken for one that was there, and not counted.
    private static let bits = UInt64(4 * accountsMax)

    private var seen = [Bool](repeating: false, count: Int(bits))
    private var current = SkewCounts()
    private var before: SkewCounts?
    private var began = Instant(seconds: 0)

    /// - Parameter drift: how many steps the code's was from this host's.
    mutating func note(_ drift: Int8, of account: RecordID, at now: Instant) {
        turn(at: now)
        let bit = Int(account.low % Self.bits)
        guard !seen[bit] else { return }
        seen[bit] = true
        switch drift {
        case ..<0: current.late += 1
        case 0: current.punctual += 1
        default: current.early += 1
        }
    }

    /// By the window that is filling, or by the one before until that has enough.
    mutating func lean(at now: Instant) -> ClockSkew? {
        turn(at: now)
        return current.isEnough ? current.lean : before?.lean
    }

    private mutating func turn(at now: Instant) {
        let age = now - began
        let isOver = age < .zero || age >= Self.windowTime
        guard isOver || current.all >= Self.accountsMax else { return }
        // A clock that was set is another clock, and what nobody has asked for a day is no news.
        let isNews = age >= .zero && age < Self.windowTime * 2
        before = isNews && current.isEnough ? current : nil
        current = SkewCounts()
        seen = [Bool](repeating: false, count: seen.count)
        began = now
    }
}
