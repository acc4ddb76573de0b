// What accepted codes tell of this host's clock: nothing below the limits, nothing while all clocks
// are right and people type as they do, and each account has one voice.

import Accounts
import SeededRandom
import Testing

@testable import Server

@Suite("The skew of accepted codes")
struct ClockSkewTests {
    @Test("is none below 64 accounts, nor up to three quarters late or half early")
    func limits() {
        let rows: [(early: Int, punctual: Int, late: Int, ClockSkew?)] = [
            (0, 0, 0, nil), (0, 0, 63, nil), (63, 0, 0, nil), (0, 64, 0, nil),
            (0, 0, 64, .fast), (64, 0, 0, .slow),
            (0, 17, 47, nil), (0, 16, 48, nil), (0, 15, 49, .fast),
            (31, 33, 0, nil), (32, 32, 0, nil), (33, 31, 0, .slow), (33, 0, 31, .slow),
        ]
        for (early, punctual, late, skew) in rows {
            let counts = SkewCounts(early: early, punctual: punctual, late: late)
            #expect(counts.skew == skew, "\(early) \(punctual) \(late)")
        }
    }

    private static let start = Instant(seconds: 1_767_225_600)

    private static func account(_ number: Int) -> RecordID {
        RecordID(high: 0, low: UInt64(number))
    }

    /// Has so many accounts from this number on log in once, each with that drift.
    private static func note(
        _ drift: Int8, from first: Int = 0, _ count: Int, at now: Instant = start,
        in steps: inout SkewWindow
    ) {
        for number in first..<(first + count) { steps.note(drift, of: account(number), at: now) }
    }

    @Test("hears each account once")
    func once() {
        var steps = SkewWindow()
        for _ in 0..<1000 { Self.note(-1, 63, in: &steps) }
        #expect(steps.skew(at: Self.start) == nil)
        Self.note(-1, from: 63, 1, in: &steps)
        #expect(steps.skew(at: Self.start) == .fast)
    }

    @Test("is what the last hours say, and until they say enough, those before")
    func windows() {
        var steps = SkewWindow()
        Self.note(1, 64, in: &steps)
        let end = Self.start + SkewWindow.windowTime
        #expect(steps.skew(at: end - Duration(milliseconds: 1)) == .slow)
        #expect(steps.skew(at: end) == .slow)
        // The clock was mended.
        Self.note(0, 63, at: end, in: &steps)
        #expect(steps.skew(at: end) == .slow)
        Self.note(0, from: 63, 1, at: end, in: &steps)
        #expect(steps.skew(at: end) == nil)

        var quiet = SkewWindow()
        Self.note(1, 64, in: &quiet)
        #expect(quiet.skew(at: end) == .slow)
        #expect(quiet.skew(at: end + SkewWindow.windowTime) == nil)
        var later = SkewWindow()
        Self.note(1, 64, in: &later)
        #expect(later.skew(at: end + SkewWindow.windowTime) == nil)
    }

    @Test("begins anew when the clock was set back, and after enough accounts")
    func anew() {
        var steps = SkewWindow()
        Self.note(1, 64, in: &steps)
        #expect(steps.skew(at: Self.start - .seconds(1)) == nil)

        var busy = SkewWindow()
        Self.note(-1, SkewWindow.accountsMax, in: &busy)
        #expect(busy.skew(at: Self.start) == .fast)
        Self.note(0, from: 2000, 64, in: &busy)
        #expect(busy.skew(at: Self.start) == nil)
    }

    /// People whose phones are right to a second, who take 3 to 15 s to type, on a host that is so
    /// many seconds ahead.
    private static func skew(
        ahead: Double, _ generator: inout SeededGenerator
    ) -> ClockSkew? {
        var counts = SkewCounts()
        while counts.all < 256 {
            let read = Double.random(in: 1_000_000...2_000_000, using: &generator)
            let phone = read + Double.random(in: -1...1, using: &generator)
            let arrived = read + Double.random(in: 3...15, using: &generator) + ahead
            switch Int((phone / 30).rounded(.down)) - Int((arrived / 30).rounded(.down)) {
            case -1: counts.late += 1
            case 0: counts.punctual += 1
            case 1: counts.early += 1
            default: continue
            }
        }
        return counts.skew
    }

    @Test("is none with clocks that are right, and some before people are refused")
    func people() {
        var generator = SeededGenerator.announced()
        let rows: [(ahead: Double, ClockSkew?)] = [
            (0, nil), (5, nil), (-5, nil), (-15, nil), (20, .fast), (40, .fast), (-30, .slow),
            (-40, .slow),
        ]
        for (ahead, skew) in rows {
            for _ in 0..<100 {
                #expect(Self.skew(ahead: ahead, &generator) == skew, "\(ahead) s ahead")
            }
        }
    }
}
