// Computes what the limits in `Policy` are worth: how many guesses somebody with the password gets,
// and how likely one of them is right. It is computed twice, by the product and by a model of
// protocol.md that shares nothing with it. docs/security.md has the figures.

import Testing

@testable import Accounts

@Suite struct ThrottleArithmeticTests {
    private static let day: Int64 = 86_400
    private static let year = 365 * day

    /// A row of the table in docs/security.md.
    struct Row: Sendable {
        let loginsADay: Int
        let firstDay: Int
        let laterDay: Int
        let year: Int
        /// In a million, rounded.
        let firstDayMillionths: Int
        let yearMillionths: Int
        var acceptedBefore = 4
    }

    static let rows = [
        Row(
            loginsADay: 0, firstDay: 34, laterDay: 0, year: 100, firstDayMillionths: 102,
            yearMillionths: 172),
        Row(
            loginsADay: 1, firstDay: 44, laterDay: 24, year: 8_800, firstDayMillionths: 112,
            yearMillionths: 8_829),
        Row(
            loginsADay: 8, firstDay: 104, laterDay: 24, year: 8_840, firstDayMillionths: 170,
            yearMillionths: 8_866),
        Row(
            loginsADay: 16, firstDay: 112, laterDay: 24, year: 8_848, firstDayMillionths: 178,
            yearMillionths: 8_874),
        Row(
            loginsADay: 24, firstDay: 116, laterDay: 24, year: 8_852, firstDayMillionths: 182,
            yearMillionths: 8_878),
        Row(
            loginsADay: 1, firstDay: 44, laterDay: 24, year: 8_800, firstDayMillionths: 132,
            yearMillionths: 9_007, acceptedBefore: 0),
    ]

    private static func millionths(_ chance: Double) -> Int { Int((chance * 1e6).rounded()) }

    @Test("a guesser who never stops gets what docs/security.md says", arguments: rows)
    func everyRow(_ row: Row) throws {
        let interval = row.loginsADay == 0 ? nil : Self.day / Int64(row.loginsADay)
        let guesser = Guesser(
            seconds: Self.year, victimEvery: interval, acceptedBefore: row.acceptedBefore)
        func count(_ days: Range<Int64>) -> Int {
            guesser.comparisons.count { days.contains($0 / Self.day) }
        }
        #expect(count(0..<1) == row.firstDay)
        #expect((182..<365).map { count($0..<($0 + 1)) }.max() == row.laterDay)
        #expect(guesser.comparisons.count == row.year)
        let day = try 1 - #require(guesser.allWrong[0])
        #expect(Self.millionths(day) == row.firstDayMillionths)
        let year = 1 - guesser.allWrong.sorted { $0.key < $1.key }.reduce(1) { $0 * $1.value }
        #expect(Self.millionths(year) == row.yearMillionths)
        #expect((guesser.lockedAt != nil) == (row.loginsADay == 0))
        #expect(guesser.longestWait <= 3_600)

        let model = GuessModel(loginsADay: row.loginsADay, acceptedBefore: row.acceptedBefore)
        #expect(model.guesses == row.year)
        #expect(model.guessesOnDayOne == row.firstDay)
        #expect(model.laterDay == row.laterDay)
        #expect(model.isLocked == (row.loginsADay == 0))
        #expect(model.longestWait == Double(guesser.longestWait))
        #expect(abs(model.chance - year) < 1e-12)
        #expect(abs(model.chanceOnDayOne - day) < 1e-12)
        print(
            "\(row.loginsADay) a day: \(model.guesses) guesses, \(model.chance) a year,",
            "the owner waits \(Int(model.meanWait)) s")
    }

    /// Percent of a year, and of the first day, as docs/security.md has them.
    static let severals: [(authenticators: Int, day: Double, year: Double)] = [
        (2, 0.022, 1.76), (3, 0.034, 2.63), (8, 0.090, 6.85),
    ]

    @Test("several authenticators make each guess as much likelier", arguments: severals)
    func several(_ authenticators: Int, _ day: Double, _ year: Double) throws {
        var rules = GuessModel.Rules()
        rules.authenticators = authenticators
        for loginsADay in [0, 1, 8, 24] {
            let model = GuessModel(rules, loginsADay: loginsADay)
            let alone = GuessModel(loginsADay: loginsADay)
            print(
                "\(authenticators), \(loginsADay) a day: \(model.chance), \(model.chanceOnDayOne)")
            #expect(model.guesses == alone.guesses, "one budget for all")
            #expect(model.chance <= Double(authenticators) * alone.chance)
        }
        let model = GuessModel(rules, loginsADay: 1)
        #expect(abs(100 * model.chanceOnDayOne - day) < 0.001)
        #expect(abs(100 * model.chance - year) < 0.01)

        // The product, in which all but one of them lie in a drawer.
        let guesser = Guesser(
            seconds: 60 * Self.day, victimEvery: Self.day, authenticators: authenticators)
        let short = GuessModel(rules, loginsADay: 1, days: 60)
        #expect(guesser.comparisons.count == short.guesses)
        let allWrong = guesser.allWrong.sorted { $0.key < $1.key }.reduce(1) { $0 * $1.value }
        #expect(abs(1 - allWrong - short.chance) < 1e-9)
    }

    @Test("however often the owner logs in, the chance stays below 0.9 % a year")
    func anyNumberOfLogins() {
        for loginsADay in [1, 2, 3, 4, 5, 6, 8, 12, 16, 20, 24, 32, 48, 96, 288, 1_440] {
            let model = GuessModel(loginsADay: loginsADay)
            #expect(model.chance < 0.009, "\(loginsADay) logins a day")
        }
        // And what it was with three codes and a quarter of an hour.
        var before = GuessModel.Rules()
        (before.fullWait, before.narrowFrom) = (900, .infinity)
        for (loginsADay, guesses) in [(1, 11_678), (8, 31_866)] {
            #expect(GuessModel(before, loginsADay: loginsADay).guesses == guesses)
        }
    }

    @Test("a guesser who is never felt gets no more than 0.38 % a year")
    func neverFelt() {
        // Three codes for each failure that drains; more failures, and one code for each.
        for (most, percent) in [(32.0, 0.38), (99.0, 0.17)] {
            for loginsADay in [1, 8, 24] {
                let model = GuessModel(loginsADay: loginsADay, most: most)
                print("never felt, \(most), \(loginsADay) a day: \(model.guesses), \(model.chance)")
                #expect(model.longestWait == 0)
                #expect(100 * model.chance < percent)
                #expect(model.guesses > 1_200)
            }
        }
    }

    @Test("strangers get 0.14 % a year beside a known browser, and 0.02 % until they are locked")
    func knownBrowser() {
        var rules = GuessModel.Rules()
        rules.isOwnerKnown = true
        for loginsADay in [1, 8, 24] {
            let locked = GuessModel(rules, loginsADay: loginsADay)
            #expect(locked.isLocked && locked.guesses == 100)
            #expect(locked.chance < 0.000_2)
            var readmitting = rules
            readmitting.readmits = true
            let drip = GuessModel(readmitting, loginsADay: loginsADay)
            print("readmitting, \(loginsADay) a day: \(drip.guesses), \(drip.chance)")
            #expect(drip.guesses == 1_316)
            #expect(drip.chance < 0.001_4)
        }
        let locked = Guesser(seconds: Self.year, victimEvery: Self.day, isKnown: true)
        #expect(locked.comparisons.count == 100 && locked.lockedAt != nil)
        #expect(!locked.isHeldUp)
        let drip = Guesser(
            seconds: Self.year, victimEvery: Self.day, isKnown: true, readmits: true)
        var readmitting = rules
        readmitting.readmits = true
        let model = GuessModel(readmitting, loginsADay: 1)
        #expect(drip.comparisons.count == model.guesses)
        let year = 1 - drip.allWrong.sorted { $0.key < $1.key }.reduce(1) { $0 * $1.value }
        #expect(abs(year - model.chance) < 1e-12)
        #expect(!drip.isHeldUp)
    }

    @Test("ten thousand leaked passwords open about one account on the first day")
    func fleet() {
        let opened = 10_000 * GuessModel(loginsADay: 1).chanceOnDayOne
        print("leaked passwords: \(opened)")
        #expect(1 < opened && opened < 1.2)
        var guessedAt = GuessModel.Rules()
        guessedAt.narrowFrom = 1
        let watched = 10_000 * GuessModel(guessedAt, loginsADay: 1).chanceOnDayOne
        #expect(0.4 < watched && watched < 0.5)
    }

    /// Above 24 a day, one an hour, nobody gets once the long count is full.
    @Test("a victim who logs in every minute gives no more than one guess an hour")
    func worst() {
        let guesser = Guesser(seconds: 60 * Self.day, victimEvery: 60)
        let late = guesser.comparisons.filter { $0 >= 40 * Self.day }
        #expect(late.count <= 20 * 24)
        let early = guesser.comparisons.count { $0 < Self.day }
        print("every minute: first day \(early), later day \(late.count / 20)")
        #expect(early <= 100 + 24)
        for (earlier, later) in zip(late, late.dropFirst()) {
            #expect(later - earlier >= 3_600)
        }
    }

    @Test("no window of time holds more guesses than the limits say")
    func anyWindow() {
        for interval in [nil, 86_400, 10_800, 60] as [Int64?] {
            let guesser = Guesser(seconds: 40 * Self.day, victimEvery: interval)
            for (index, first) in guesser.comparisons.enumerated() {
                // Between a bucket that was empty and one that is full lie a hundred failures.
                let later = guesser.comparisons[index...].prefix { $0 < first + 86_400 }
                #expect(later.count <= 100 + 4 + 24, "from \(first) s on")
            }
        }
    }
}
