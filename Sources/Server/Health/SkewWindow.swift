// The steps of the codes that were accepted in the last hours. One account counts once in a
// window, however often it logs in. Used on the event loop only.

import Accounts

struct SkewWindow {
    /// Long enough that a site with about 250 logins a day has its 64 accounts, and so short that a
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
        moveOn(at: now)
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
    mutating func skew(at now: Instant) -> ClockSkew? {
        moveOn(at: now)
        return current.isEnough ? current.skew : before?.skew
    }

    private mutating func moveOn(at now: Instant) {
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
