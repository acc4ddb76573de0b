// Ten years of people who mistype, at random: none of them ever meets what is meant for guessers.

import SeededRandom
import Testing

@testable import Accounts

@Suite("Honest people") struct HonestPeopleTests {
    /// The most failures that the long count ever held.
    private static func mostFailures(
        years: Int64, loginsADay: Int64, wrongPercent: Int, _ generator: inout SeededGenerator
    ) -> Int64 {
        var throttle = Throttle()
        var most: Int64 = 0
        let between = Duration.days(1) / loginsADay
        for login in 0..<(365 * years * loginsADay) {
            var now = Given.now + between * login
            while Int.random(in: 0..<100, using: &generator) < wrongPercent {
                // Nobody types faster, and everybody waits when asked to.
                now = max(now + .seconds(5), throttle.waitsUntil)
                throttle.charge(at: now)
                most = max(most, throttle.longCount.level(at: now))
            }
            throttle.succeed(at: now)
        }
        return most
    }

    @Test("who mistype one code in ten, or in five, never come near 33 failures")
    func never() {
        var generator = SeededGenerator.announced("Honest people")
        for (loginsADay, wrongPercent) in [(24, 10), (8, 20), (1, 50)] as [(Int64, Int)] {
            let most = Self.mostFailures(
                years: 10, loginsADay: loginsADay, wrongPercent: wrongPercent, &generator)
            print("\(loginsADay) a day, \(wrongPercent) % wrong: \(most) failures at most")
            #expect(most < Policy.narrowLongCount)
        }
    }

    @Test("would meet it if they were much clumsier")
    func clumsier() {
        var generator = SeededGenerator.announced("clumsier")
        let most = Self.mostFailures(
            years: 1, loginsADay: 24, wrongPercent: 20, &generator)
        #expect(most >= Policy.narrowLongCount)
    }
}
