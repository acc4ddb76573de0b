// When wrong codes of an app say that somebody guesses: not on a usual day, not for another app,
// and no longer than until the day after.

import Accounts
import OneTimeCodes
import StoreHarness
import Testing

@testable import Server

@Suite("Wrong codes of an app")
struct GuessWatchTests {
    /// Midnight.
    private static let start = Instant(seconds: 1_767_225_600)
    private static let shop: AppName = .standard

    private static func other() throws -> AppName { try #require(AppName("other")) }

    /// Days of wrong and right codes, the first from the watch's beginning on.
    private static func watch(_ days: [(wrong: Int, right: Int)]) -> GuessWatch {
        var watch = GuessWatch()
        for (day, codes) in days.enumerated() {
            let now = start + .days(Int64(day))
            for _ in 0..<codes.right { _ = watch.note(isRight: true, of: shop, at: now) }
            for _ in 0..<codes.wrong { _ = watch.note(isRight: false, of: shop, at: now) }
        }
        return watch
    }

    private static func isGuessedAt(_ days: [(wrong: Int, right: Int)]) -> Bool {
        watch(days).isGuessedAt(shop, at: start + .days(Int64(days.count - 1)))
    }

    @Test("are too many from the five hundred and first of a day on")
    func smallSite() {
        #expect(!Self.isGuessedAt([(500, 0)]))
        #expect(Self.isGuessedAt([(501, 0)]))
        #expect(!Self.isGuessedAt([(10, 50), (20, 50), (500, 50)]))
        #expect(Self.isGuessedAt([(10, 50), (20, 50), (501, 50)]))
    }

    @Test("are too many beyond five times the usual, of a site with many logins")
    func largeSite() {
        // On the first day a fifth of the right ones is usual: totpd may have just been started.
        #expect(!Self.isGuessedAt([(10_000, 10_000)]))
        #expect(Self.isGuessedAt([(10_001, 10_000)]))
        let usual = [(100, 9_000), (1_000, 9_000), (1_100, 9_000), (900, 9_000)]
        #expect(!Self.isGuessedAt(usual + [(5_000, 0)]))
        #expect(Self.isGuessedAt(usual + [(5_001, 0)]))
    }

    @Test("become usual when they come for half a month, and not before")
    func becomeUsual() {
        let calm = Array(repeating: (wrong: 1_000, right: 9_000), count: 20)
        let attack = (wrong: 6_000, right: 9_000)
        #expect(Self.isGuessedAt(calm + Array(repeating: attack, count: 14)))
        #expect(!Self.isGuessedAt(calm + Array(repeating: attack, count: 20)))
    }

    @Test("are told once a day, and hold until the end of the next")
    func holds() {
        var watch = Self.watch([(500, 0)])
        #expect(!watch.isGuessedAt(Self.shop, at: Self.start))
        var told: [Bool] = []
        for _ in 0..<3 {
            told.append(watch.note(isRight: false, of: Self.shop, at: Self.start + .hours(1)))
        }
        #expect(told == [true, false, false])
        let end = Self.start + .days(2)
        #expect(watch.isGuessedAt(Self.shop, at: end - Duration(milliseconds: 1)))
        #expect(!watch.isGuessedAt(Self.shop, at: end))
        // The same with a quiet code on the second day.
        _ = watch.note(isRight: false, of: Self.shop, at: Self.start + .days(1))
        #expect(watch.isGuessedAt(Self.shop, at: end - Duration(milliseconds: 1)))
        #expect(!watch.isGuessedAt(Self.shop, at: end))
        _ = watch.note(isRight: false, of: Self.shop, at: end)
        #expect(!watch.isGuessedAt(Self.shop, at: end))
    }

    @Test("are no other app's")
    func otherApp() throws {
        let watch = Self.watch([(501, 0)])
        #expect(try !watch.isGuessedAt(Self.other(), at: Self.start))
        #expect(watch.isAnyGuessedAt(at: Self.start))
        #expect(!watch.isAnyGuessedAt(at: Self.start + .days(2)))
    }

    @Test("go on being counted when the clock is set back, and days without any count as none")
    func clocks() {
        var watch = Self.watch([(400, 0)])
        let earlier = Self.start - .days(365)
        for _ in 0..<101 { _ = watch.note(isRight: false, of: Self.shop, at: earlier) }
        #expect(watch.isGuessedAt(Self.shop, at: earlier))
        #expect(!watch.isGuessedAt(Self.shop, at: earlier + .days(2)))

        var rested = Self.watch([(0, 9_000), (1_000, 9_000)])
        let later = Self.start + .days(1_000)
        for _ in 0..<501 { _ = rested.note(isRight: false, of: Self.shop, at: later) }
        #expect(rested.isGuessedAt(Self.shop, at: later))
    }
}
