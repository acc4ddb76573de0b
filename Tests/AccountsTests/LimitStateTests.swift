// One limit over time: exact to the millisecond, whatever its numbers, beside a model that counts
// in another way.

import SeededRandom
import Testing

@testable import Accounts

@Suite struct LimitStateTests {
    private static let now = Instant(seconds: 1_800_000_000)

    /// How many pass at once, and how long until the next one may.
    private func burst(_ max: Int, per: Duration) -> (passed: Int, wait: Duration) {
        let rule = LimitPolicy(max: max, per: per)
        var state: LimitState?
        for passed in 0... {
            let level = LimitLevel(state, under: rule, at: Self.now)
            if let wait = level.wait(for: 1) { return (passed, wait) }
            state = level.spending(1)
        }
        preconditionFailure("every rule has an end")
    }

    @Test(
        "exactly max pass at once, for numbers that do not divide",
        arguments: [
            (1, 1), (1, 2_592_000), (3, 1), (5, 60), (7, 1), (7, 100), (100, 60), (999, 1),
            (1_000, 7), (9_973, 86_400), (99_991, 1),
        ])
    func bursts(_ max: Int, _ seconds: Int64) {
        let (passed, wait) = burst(max, per: .seconds(seconds))
        #expect(passed == max)
        // The next one comes back after per / max, in milliseconds, rounded up.
        let each = (seconds * 1000 + Int64(max) - 1) / Int64(max)
        #expect(wait == Duration(milliseconds: each))
    }

    @Test("the largest rule neither overflows nor rounds")
    func largest() {
        let rule = LimitPolicy(max: 1_000_000, per: .seconds(2_592_000))
        for moment in [Instant(seconds: 0), Self.now, Instant(seconds: 253_402_300_799)] {
            let all = LimitLevel(nil, under: rule, at: moment).spending(1_000_000)
            #expect(all.emptyAt == moment + rule.per)
            let level = LimitLevel(all, under: rule, at: moment)
            #expect(level.status == LimitStatus(remaining: 0, resetAfter: rule.per))
            #expect(level.wait(for: 1) == Duration(milliseconds: 2_592))
            #expect(level.wait(for: 1_000_000) == rule.per)
            let later = moment + Duration(milliseconds: 2_592)
            #expect(LimitLevel(all, under: rule, at: later).wait(for: 1) == nil)
            let earlier = moment + Duration(milliseconds: 2_591)
            #expect(LimitLevel(all, under: rule, at: earlier).wait(for: 1) != nil)
        }
    }

    @Test("what was spent while the clock was ahead counts as spent now, and no more of it")
    func clockSetBack() {
        let rule = LimitPolicy(max: 5, per: .seconds(60))
        let hourAgo = Self.now + .seconds(-3_600)
        for spent in 1...5 {
            let state = LimitLevel(nil, under: rule, at: Self.now).spending(spent)
            let level = LimitLevel(state, under: rule, at: hourAgo)
            #expect(level.isMoved)
            #expect(level.status.remaining == 5 - spent)
            #expect(level.wait(for: 5) == .seconds(Int64(12 * spent)))
        }
    }

    @Test("where an older version has not kept when it was spent, all of it is")
    func clockSetBackOlder() throws {
        let rule = LimitPolicy(max: 5, per: .seconds(60))
        let hourAgo = Self.now + .seconds(-3_600)
        let state = try #require(LimitState(emptyAt: Self.now, part: 0, parts: 5))
        let level = LimitLevel(state, under: rule, at: hourAgo)
        #expect(level.isMoved && level.wait(for: 1) == .seconds(12))
        let later = LimitLevel(level.spending(0), under: rule, at: hourAgo + .seconds(12))
        #expect(later.wait(for: 1) == nil)
    }

    @Test("another rule for the same key takes over what was spent, in time, rounded up")
    func otherRule() {
        let before = LimitPolicy(max: 7, per: .seconds(10))
        let state = LimitLevel(nil, under: before, at: Self.now).spending(1)
        #expect(state.emptyAt == Self.now + Duration(milliseconds: 1_428))
        #expect(state.part == 4 && state.parts == 7)
        // 1,428 ms and 4/7 of 10 s for 3: 3,333⅓ ms each.
        let after = LimitLevel(state, under: LimitPolicy(max: 3, per: .seconds(10)), at: Self.now)
        #expect(
            after.status == LimitStatus(remaining: 2, resetAfter: Duration(milliseconds: 1_429)))
        let shorter = LimitLevel(state, under: LimitPolicy(max: 1, per: .seconds(1)), at: Self.now)
        #expect(shorter.wait(for: 1) == .seconds(1))
    }

    @Test("what cannot be is no state")
    func impossible() {
        #expect(LimitState(emptyAt: Self.now, part: 7, parts: 7) == nil)
        #expect(LimitState(emptyAt: Self.now, part: 0, parts: 0) == nil)
        #expect(LimitState(emptyAt: Self.now, part: 6, parts: 7) != nil)
    }

    /// A bucket with a hole, in parts of a millisecond: what is in it, and since when.
    private struct Model {
        let rule: LimitPolicy
        var level: Int64 = 0
        var since: Instant

        mutating func spend(_ cost: Int, at now: Instant) -> Bool {
            level = max(0, level - (now - since).milliseconds * Int64(rule.max))
            since = now
            let more = level + Int64(cost) * rule.per.milliseconds
            guard more <= rule.per.milliseconds * Int64(rule.max) else { return false }
            level = more
            return true
        }
    }

    @Test("decides like a bucket with a hole, through thousands of requests at random moments")
    func likeModel() {
        var random = SeededGenerator.announced()
        for _ in 0..<200 {
            let largest = [3, 50, 2_000, 1_000_000].randomElement(using: &random) ?? 3
            let rule = LimitPolicy(
                max: Int.random(in: 1...largest, using: &random),
                per: .seconds(Int64.random(in: 1...100, using: &random)))
            var now = Self.now
            var model = Model(rule: rule, since: now)
            var state: LimitState?
            var passed = 0
            for _ in 0..<200 {
                let step = rule.per.milliseconds / Int64.random(in: 1...60, using: &random)
                now = now + Duration(milliseconds: Int64.random(in: 0...step, using: &random))
                let cost = Int.random(in: 1...max(1, rule.max / 3), using: &random)
                let level = LimitLevel(state, under: rule, at: now)
                let wait = level.wait(for: cost)
                let isFree = model.spend(cost, at: now)
                #expect((wait == nil) == isFree, "\(rule) at \(now), cost \(cost)")
                if let wait {
                    let then = LimitLevel(state, under: rule, at: now + wait)
                    #expect(then.wait(for: cost) == nil, "a wait is long enough")
                    let before = now + wait + Duration(milliseconds: -1)
                    let still = LimitLevel(state, under: rule, at: before)
                    #expect(still.wait(for: cost) != nil, "and not longer")
                } else {
                    state = level.spending(cost)
                    passed += 1
                }
            }
            #expect(passed > 0)
        }
    }
}
