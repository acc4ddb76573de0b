// Shows exactly how long each failure costs, where the lock falls, and how the long count drains.

import Testing

@testable import Accounts

@Suite struct ThrottleTests {
    /// Seconds to wait after each failure, written out: none for four, then doubling up to an hour.
    static let waits: [Int64] = [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1_920]

    private static func expectedWait(_ failures: Int) -> Int64 {
        failures <= waits.count ? waits[failures - 1] : 3_600
    }

    @Test func everyFailureFromOneToAHundredAndTen() {
        var throttle = Throttle()
        var now = Given.now
        for failures in 1...110 {
            // Always after the wait, and so slowly that the long count never matters.
            now = now + .days(1)
            throttle.settle(at: now)
            #expect(throttle.wait(at: now) == nil)
            throttle.charge(at: now)
            let wait = Self.expectedWait(failures)
            #expect(throttle.consecutiveFailures == UInt32(failures))
            #expect(throttle.waitsUntil == now + .seconds(wait), "after failure \(failures)")
            #expect(throttle.isLocked == (failures >= 100), "after failure \(failures)")
            #expect(Throttle.wait(after: UInt32(failures)) == .seconds(wait))
        }
    }

    @Test func waitsOfEveryCountThereCanBe() {
        #expect(Throttle.wait(after: 0) == .zero)
        for failures in [12, 13, 20, 21, 22, 67, 68, 69, 1_000, UInt32.max - 1, .max] {
            #expect(Throttle.wait(after: failures) == .hours(1))
        }
    }

    @Test func oneMillisecondEitherSideOfAWait() {
        let throttle = Throttle(failures: 5, until: Given.now + .seconds(30))
        let end = Given.now + .seconds(30)
        #expect(throttle.wait(at: Given.now) == .seconds(30))
        #expect(throttle.wait(at: end + Duration(milliseconds: -1)) == Duration(milliseconds: 1))
        #expect(throttle.wait(at: end) == nil)
        #expect(throttle.wait(at: end + Duration(milliseconds: 1)) == nil)
    }

    @Test("a wait is charged from the moment of the attempt, whatever wait was left")
    func chargedFromNow() {
        var throttle = Throttle(failures: 5, until: Given.now + .seconds(30))
        throttle.charge(at: Given.now)
        #expect(throttle.waitsUntil == Given.now + .seconds(60))
    }

    @Test func oneBelowAtAndAboveTheLongCount() {
        for (before, wait) in [(98, 0), (99, 3_600), (100, 3_600)] as [(Int64, Int64)] {
            var throttle = Throttle(
                failures: 0, emptyAt: Given.now + .seconds(before * 25_920))
            throttle.charge(at: Given.now)
            #expect(throttle.waitsUntil == Given.now + .seconds(wait), "\(before) before")
            #expect(throttle.longCount.level(at: Given.now) == min(before + 1, 100))
        }
        // The longer of the two waits.
        var long = Throttle(failures: 10, emptyAt: Given.now + .days(30))
        long.charge(at: Given.now)
        #expect(long.waitsUntil == Given.now + .seconds(3_600))
    }

    @Test func successForgetsTheConsecutiveCountAndNotTheLongOne() {
        var throttle = Throttle()
        for _ in 0..<20 { throttle.charge(at: Given.now) }
        let long = throttle.longCount
        throttle.succeed(at: Given.now)
        #expect(throttle.consecutiveFailures == 0)
        #expect(throttle.wait(at: Given.now) == nil)
        #expect(throttle.longCount == long)
        #expect(throttle.longCount.level(at: Given.now) == 20)
        throttle.charge(at: Given.now)
        #expect(throttle.waitsUntil == Given.now)
        #expect(throttle.longCount.level(at: Given.now) == 21)
    }

    @Test func onlyRebindingUnlocks() {
        var throttle = Throttle()
        for _ in 0..<100 { throttle.charge(at: Given.now) }
        #expect(throttle.isLocked)
        throttle.succeed(at: Given.now)
        #expect(throttle.isLocked)
        throttle.settle(at: Given.now + .days(10_000))
        #expect(throttle.isLocked)
        throttle.rebind(at: Given.now)
        #expect(!throttle.isLocked)
        #expect(throttle.consecutiveFailures == 0)
        #expect(throttle.longCount.level(at: Given.now) == 100)
    }

    @Test(
        "a clock set back makes no wait longer than its own length, and none shorter",
        arguments: [1, 30, 3_599, 3_600, 3_601, 86_400, 1_000_000_000] as [Int64])
    func clockSetBack(_ seconds: Int64) {
        var throttle = Throttle(
            failures: 9, until: Given.now + .seconds(480),
            emptyAt: Given.now + .seconds(9 * 25_920))
        let earlier = Given.now + .seconds(-seconds)
        throttle.settle(at: earlier)
        #expect(throttle.wait(at: earlier) == .seconds(480))
        #expect(throttle.longCount.level(at: earlier) == 9)
        #expect(throttle.longCount.emptyAt == earlier + .seconds(9 * 25_920))
        #expect(throttle.consecutiveFailures == 9)
    }

    @Test func settlingInOrderChangesNothing() {
        var throttle = Throttle(
            failures: 12, until: Given.now + .hours(1), emptyAt: Given.now + .days(30))
        let before = throttle
        for seconds in 0...100 {
            throttle.settle(at: Given.now + .seconds(Int64(seconds) * 977))
            #expect(throttle == before)
        }
    }
}

@Suite struct BucketTests {
    @Test func countsAndDrains() {
        var bucket = Bucket()
        #expect(bucket.level(at: Given.now) == 0)
        for count in 1...50 as ClosedRange<Int64> {
            bucket.add(at: Given.now)
            #expect(bucket.level(at: Given.now) == count)
            #expect(!bucket.isOver(at: Given.now))
        }
        // One is lost every 7.2 hours; the level is rounded up.
        for lost in 0...50 as ClosedRange<Int64> {
            let then = Given.now + .seconds(25_920 * lost)
            #expect(bucket.level(at: then) == 50 - lost)
            if lost > 0 {
                #expect(bucket.level(at: then + Duration(milliseconds: -1)) == 51 - lost)
            }
        }
        #expect(bucket.level(at: Given.now + .days(400)) == 0)
    }

    @Test func aFullBucketStaysFullAndDrainsFromFull() {
        var bucket = Bucket()
        for count in 1...150 as ClosedRange<Int64> {
            bucket.add(at: Given.now)
            #expect(bucket.level(at: Given.now) == min(count, 100))
            #expect(bucket.isOver(at: Given.now) == (count >= 100))
        }
        #expect(bucket.emptyAt == Given.now + .days(30))
        #expect(bucket.isOver(at: Given.now + .seconds(25_919)))
        #expect(!bucket.isOver(at: Given.now + .seconds(25_920)))
        #expect(bucket.level(at: Given.now + .days(15)) == 50)
        #expect(bucket.level(at: Given.now + .days(30)) == 0)
    }

    @Test func anEmptyBucketStartsNow() {
        var bucket = Bucket()
        bucket.add(at: Given.now + .days(365))
        #expect(bucket.emptyAt == Given.now + .days(365) + .seconds(25_920))
        #expect(Bucket.drop == .seconds(25_920))
    }
}

@Suite struct InstantTests {
    @Test func secondsAreRoundedDown() {
        for (milliseconds, seconds) in [
            (0, 0), (999, 0), (1_000, 1), (1_999, 1), (-1, -1), (-999, -1), (-1_000, -1),
            (-1_001, -2),
        ] as [(Int64, Int64)] {
            #expect(Instant(milliseconds: milliseconds).seconds == seconds, "\(milliseconds)")
        }
    }

    @Test func waitsAreRoundedUp() {
        for (milliseconds, seconds) in [
            (-1, 0), (0, 0), (1, 1), (999, 1), (1_000, 1), (1_001, 2), (3_600_000, 3_600),
        ] as [(Int64, Int64)] {
            #expect(Duration(milliseconds: milliseconds).secondsRoundedUp == seconds)
        }
        #expect(Duration.days(30) == .seconds(2_592_000))
        #expect(Duration.hours(1) == .minutes(60))
    }
}
