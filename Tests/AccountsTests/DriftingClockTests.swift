// Authenticators whose clocks fall behind, and are followed.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite("An authenticator whose clock falls behind")
struct DriftingClockTests {
    private static let following = AppPolicy(driftMax: 10)
    private static let year = Duration.days(365)

    private static func decide(
        _ operation: any Accounts.Operation, _ account: Account, at now: Instant,
        under policy: AppPolicy = following
    ) -> Outcome {
        operation.decideAsOfNow(account, at: now, under: policy, with: .nothing)
    }

    /// A code of an authenticator that is so many steps from the clock.
    private static func verify(
        _ steps: Int64, _ account: Account, at now: Instant, under policy: AppPolicy = following
    ) -> Outcome {
        decide(Verify(code: Given.totp(steps, at: now)), account, at: now, under: policy)
    }

    @Test("is accepted in each year, as far as the policy follows it")
    func years() {
        var account = Given.active
        for year in 0...12 as ClosedRange<Int64> {
            let now = Given.now + Duration(milliseconds: Self.year.milliseconds * year)
            let outcome = Self.verify(-year, account, at: now)
            // One step behind the last that is followed is still one of the three.
            #expect(outcome.answer.isYes == (year <= 11), "year \(year)")
            account = outcome.account
            #expect(account.guard.offset == -Int8(min(year, 10)))
        }
        // And not at all where nobody says that it is to be.
        account = Given.active
        for year in 0...2 as ClosedRange<Int64> {
            let now = Given.now + Duration(milliseconds: Self.year.milliseconds * year)
            let outcome = Self.verify(-year, account, at: now, under: .standard)
            #expect(outcome.answer.isYes == (year < 2))
            account = outcome.account
            #expect(account.guard.offset == 0)
        }
    }

    @Test("has three steps around what was learnt, and no used one among them")
    func window() {
        var account = Given.active
        for step in [-1, -2, -3] as [Int64] {
            account = Self.verify(step, account, at: Given.now + .minutes(-2 * step)).account
        }
        let now = Given.now + .minutes(60)
        let accepted = (-8...3).filter { Self.verify($0, account, at: now).answer.isYes }
        #expect(accepted == [-4, -3, -2])
        let used = Self.verify(-2, account, at: now).account
        #expect(used.guard.offset == -2)
        for step in -8...(-2) as ClosedRange<Int64> {
            #expect(!Self.verify(step, used, at: now).answer.isYes)
        }
        let wait = Self.verify(-2, used, at: now).answer
        #expect(wait == .no(.replayed, retryAfter: 20))
        #expect(Self.verify(-2, used, at: now + .seconds(20)).answer.isYes)
    }

    @Test("is not followed ahead, and a phone that is typed late stays in its window")
    func phones() {
        var account = Given.active
        for (index, step) in ([0, -1, 0, 1, 0, -1, 1, 1, 0] as [Int64]).enumerated() {
            let now = Given.now + .minutes(Int64(index + 1))
            // A phone that shows 0, or 1 with a clock that is ahead, typed at once or late.
            let isInWindow = step <= Int64(account.guard.offset) + 1
            let outcome = Self.verify(step, account, at: now)
            #expect(outcome.answer.isYes == isInWindow)
            #expect(outcome.account.guard.offset <= 0)
            if step == 0 { #expect(outcome.answer.isYes) }
            account = outcome.account
        }
    }

    @Test("takes its own one step while somebody guesses")
    func narrow() {
        var account = Given.active
        for number in 1...8 as ClosedRange<Int64> {
            // Every second one is typed late.
            let now = Given.now + .minutes(number)
            let outcome = Self.verify(number % 2 == 0 ? -5 : -4, account, at: now)
            if number == 1 { account.guard.offset = -4 }
            account = number == 1 ? account : outcome.account
        }
        account.guard.totp.longCount.emptyAt = Given.now + .seconds(25_920 * 40)
        let now = Given.now + .minutes(30)
        let accepted = (-8...1).filter { Self.verify($0, account, at: now).answer.isYes }
        #expect(accepted == [-4])
    }

    // MARK: Two codes in a row

    private static func resync(_ first: Int64, at now: Instant = Given.now) -> Resync {
        Resync(code: Given.code(first, at: now), next: Given.code(first + 1, at: now))
    }

    @Test("is found again with two codes in a row, as far as the policy says")
    func resyncing() {
        for first in -14...3 as ClosedRange<Int64> {
            let outcome = Self.decide(Self.resync(first), Given.active, at: Given.now)
            let isFound = (-11...0).contains(first)
            #expect(outcome.answer == (isFound ? .accepted(.done) : .no(.wrongCode)), "\(first)")
            guard isFound else {
                #expect(outcome.account.guard.totp.consecutiveFailures == 1)
                continue
            }
            #expect(outcome.account.guard.offset == Int8(min(first + 1, 0)))
            #expect(
                outcome.account.guard.lastStepBegan == Given.began + .seconds(30 * (first + 1)))
            let again = Self.decide(Self.resync(first), outcome.account, at: Given.now)
            #expect(again.answer.error == .replayed && again.account == outcome.account)
            let later = Given.now + .seconds(30)
            #expect(Self.verify(first + 1, outcome.account, at: later).answer.isYes)
        }
    }

    @Test("is charged and refused like a code")
    func refusals() {
        let right = Self.resync(-5)
        #expect(
            Self.decide(right, Given.active, at: Given.now, under: .standard).answer.error
                == .badRequest)
        #expect(Self.decide(right, Given.unknown, at: Given.now).answer == .no(.notEnrolled))
        let locked = Given.active.with { $0.guard.totp = .locked }
        #expect(Self.decide(right, locked, at: Given.now).answer == .no(.locked))
        let waiting = Given.active.with { $0.guard.totp = .waiting }
        #expect(
            Self.decide(right, waiting, at: Given.now).answer
                == .no(.throttled, retryAfter: 10))
        let ahead = Given.active.used(upTo: Given.now + .minutes(60))
        #expect(Self.decide(right, ahead, at: Given.now).answer.error == .clockBehind)
        // Two codes that are right, and not in a row.
        for (first, second) in [(-5, -5), (-5, -3), (-4, -5)] as [(Int64, Int64)] {
            let pair = Resync(code: Given.code(first), next: Given.code(second))
            #expect(Self.decide(pair, Given.active, at: Given.now).answer == .no(.wrongCode))
        }
        let failed = Given.active.with { $0.guard.totp = Throttle(failures: 4) }
        let found = Self.decide(right, failed, at: Given.now)
        #expect(found.account.guard.totp.consecutiveFailures == 0)
    }

    @Test("is found among others, whose codes stay as they are")
    func others() {
        let pair = Resync(
            code: Given.code(-7, of: Given.newSecret), next: Given.code(-6, of: Given.newSecret))
        let outcome = Self.decide(pair, Given.two, at: Given.now)
        #expect(outcome.answer == .accepted(.done))
        #expect(outcome.account.usedSteps(at: 1).offset == -6)
        #expect(outcome.account.usedSteps(at: 0) == UsedSteps())
    }

    @Test("is forgotten with its factor")
    func forgotten() {
        let behind = Given.active.with { $0.guard.offset = -6 }
        let disabled = Self.decide(
            Disable(code: Given.totp(-6)), behind, at: Given.now
        )
        #expect(disabled.answer == .accepted(.done))
        #expect(disabled.account.guard.offset == 0)
    }

    @Test("drifts are counted from another step, and none is farther than one")
    func shifted() {
        var drifts = Drifts()
        for drift in [1, 0, -1, -1] as [Int8] { drifts.note(drift) }
        drifts.shift(by: 1)
        var expected = Drifts()
        for drift in [1, 1, 0, 0] as [Int8] { expected.note(drift) }
        #expect(drifts == expected)
        drifts = Drifts()
        drifts.note(-1)
        drifts.shift(by: 1)
        #expect(drifts.newest == 0 && drifts.ofAuthenticator == nil)
    }
}
