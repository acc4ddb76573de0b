// Computes what the limits in `Policy` are worth: how many guesses somebody with the password gets,
// and how likely one of them is right. docs/security.md has the figures.

import Testing

@testable import Accounts

@Suite struct ThrottleArithmeticTests {
    private static let day: Int64 = 86_400
    private static let year = 365 * day

    struct Figures {
        let firstDay: Int
        let month: Int
        let year: Int
        /// The most in any day of the second half of the year.
        let laterDay: Int
        let longestWait: Int64

        init(_ guesser: Guesser) {
            func count(_ from: Int64, _ to: Int64) -> Int {
                guesser.comparisons.count { from <= $0 && $0 < to }
            }
            firstDay = count(0, day)
            month = count(0, 30 * day)
            year = guesser.comparisons.count
            laterDay = (182..<364).map { count($0 * day, ($0 + 1) * day) }.max() ?? 0
            longestWait = guesser.longestWait
        }
    }

    /// Three codes are valid at any moment, though a used one is not.
    private static func chance(_ guesses: Int, digits: Int) -> Double {
        let codes = digits == 6 ? 1e6 : 1e8
        var missed = 1.0
        for _ in 0..<guesses { missed *= 1 - 3 / codes }
        return 1 - missed
    }

    private static func show(_ what: String, _ figures: Figures) {
        print("\(what): longest wait of the victim \(figures.longestWait) s")
        for (period, guesses) in [
            ("first day", figures.firstDay), ("later day", figures.laterDay),
            ("30 days", figures.month), ("year", figures.year),
        ] {
            let (six, eight) = (chance(guesses, digits: 6), chance(guesses, digits: 8))
            print("  \(period): \(guesses) guesses; 6 digits \(six), 8 digits \(eight)")
        }
    }

    @Test("a victim who never logs in: a hundred guesses, then none")
    func nobodyLogsIn() {
        let guesser = Guesser(seconds: Self.year, victimEvery: nil)
        let figures = Figures(guesser)
        Self.show("never", figures)
        #expect(figures.year == 100)
        // 3,810 s of rising waits and 88 hours.
        let locked: Int64 = 3_810 + 88 * 3_600
        #expect(guesser.lockedAt == locked)
        #expect(figures.firstDay == 34)
        #expect(Self.chance(figures.year, digits: 6) < 0.000_301)
        #expect(Self.chance(figures.year, digits: 8) < 0.000_003_01)
    }

    @Test("a victim who logs in once a day")
    func onceADay() {
        let guesser = Guesser(seconds: Self.year, victimEvery: Self.day)
        let figures = Figures(guesser)
        Self.show("once a day", figures)
        #expect(guesser.lockedAt == nil)
        expect(figures, firstDay: 44, laterDay: 32, month: 975, year: 11_678)
        #expect(Self.chance(figures.year, digits: 6) < 0.035)
    }

    @Test("a victim who logs in eight times a day")
    func eightTimesADay() {
        let guesser = Guesser(seconds: Self.year, victimEvery: Self.day / 8)
        let figures = Figures(guesser)
        Self.show("eight times a day", figures)
        #expect(guesser.lockedAt == nil)
        expect(figures, firstDay: 106, laterDay: 88, month: 2_637, year: 31_866)
        #expect(Self.chance(figures.year, digits: 6) < 0.092)
    }

    /// Above 96 a day, one each 15 minutes, nobody gets once the long count is full.
    @Test("a victim who logs in every minute gives no more than one guess each 15 minutes")
    func worst() {
        let guesser = Guesser(seconds: 60 * Self.day, victimEvery: 60)
        let late = guesser.comparisons.filter { $0 >= 40 * Self.day }
        #expect(late.count <= 20 * 96)
        let early = guesser.comparisons.count { $0 < Self.day }
        print("every minute: first day \(early), later day \(late.count / 20)")
        #expect(early <= 100 + 96)
        #expect(Self.chance(365 * 96, digits: 6) < 0.10)
        for (earlier, later) in zip(late, late.dropFirst()) {
            #expect(later - earlier >= 900)
        }
    }

    @Test("no window of time holds more guesses than the limits say")
    func anyWindow() {
        for interval in [nil, 86_400, 10_800, 60] as [Int64?] {
            let guesser = Guesser(seconds: 40 * Self.day, victimEvery: interval)
            for (index, first) in guesser.comparisons.enumerated() {
                // Between a bucket that was empty and one that is full lie a hundred failures.
                let later = guesser.comparisons[index...].prefix { $0 < first + 86_400 }
                #expect(later.count <= 100 + 4 + 96, "from \(first) s on")
            }
        }
    }

    /// To the last guess, because docs/security.md says so.
    private func expect(
        _ figures: Figures, firstDay: Int, laterDay: Int, month: Int, year: Int
    ) {
        #expect(figures.firstDay == firstDay)
        #expect(figures.laterDay == laterDay)
        #expect(figures.month == month)
        #expect(figures.year == year)
        #expect(figures.longestWait <= 3_600)
        #expect(Self.chance(figures.year, digits: 8) < 0.001_1)
    }
}
