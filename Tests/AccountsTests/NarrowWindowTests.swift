// While somebody guesses, one step is accepted instead of three: which one, what the others answer,
// and where it begins and ends.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite("While somebody guesses") struct NarrowWindowTests {
    /// With four accepted codes, and failures in the long count.
    private static func guessedAt(
        drifts: [Int8] = [0, 0, -1, 0], failures: Int64 = 33, usedUpTo used: Instant = .distantPast
    ) -> Account {
        Given.active.with { account in
            for drift in drifts { account.guard.drifts.note(drift) }
            account.guard.lastStepBegan = used
            account.guard.totp = Throttle(
                failures: 0, until: Given.now, emptyAt: Given.now + .seconds(failures * 25_920))
        }
    }

    private static func began(_ offset: Int64) -> Instant { Given.began + .seconds(30 * offset) }

    private static func accepted(_ account: Account, _ drift: Int8) -> Account {
        account.with {
            $0.guard.lastStepBegan = began(Int64(drift))
            $0.guard.drifts.note(drift)
        }
    }

    private static func charged(_ account: Account) -> Account {
        account.with {
            $0.guard.totp = Throttle(
                failures: 1, until: Given.now,
                emptyAt: $0.guard.totp.longCount.emptyAt + .seconds(25_920))
        }
    }

    private static func yes(_ drift: Int8) -> Answer {
        .accepted(.verified(Verified(.totp, backupCodesLeft: 10, drift: drift)))
    }

    private static func verify(_ offset: Int64) -> Verify { Verify(code: Given.totp(offset)) }

    private static let exact = guessedAt()
    private static let slow = guessedAt(drifts: [-1, -1, -1, -1])
    private static let fast = guessedAt(drifts: [0, 1, 0, 0])

    static let rows: [Row] = [
        Row("the one step", exact, verify(0), yes(0), after: accepted(exact, 0)),
        Row(
            "the step before: no charge, and used from now on", exact, verify(-1),
            .no(.replayed),
            after: exact.with { $0.guard.lastStepBegan = began(-1) }),
        Row("the step after", exact, verify(1), .no(.wrongCode), after: charged(exact)),
        Row("no step at all", exact, verify(2), .no(.wrongCode), after: charged(exact)),
        Row("a slow authenticator's", slow, verify(-1), yes(-1), after: accepted(slow, -1)),
        Row(
            "the step after a slow one's", slow, verify(0), .no(.wrongCode), after: charged(slow)),
        Row("a fast authenticator's", fast, verify(1), yes(1), after: accepted(fast, 1)),
        Row(
            "the step before a fast one's", fast, verify(0), .no(.replayed),
            after: fast.with { $0.guard.lastStepBegan = began(0) }),
        Row(
            "two before a fast one's", fast, verify(-1), .no(.replayed),
            after: fast.with { $0.guard.lastStepBegan = began(-1) }),
    ]

    static let used: [Row] = [
        Row(
            "the one step, used", guessedAt(usedUpTo: began(0)), verify(0),
            .no(.replayed, retryAfter: 20)),
        Row(
            "the step after, used while three were accepted: it is no guess",
            guessedAt(usedUpTo: began(1)), verify(1), .no(.replayed, retryAfter: 50)),
        Row(
            "a slow authenticator's, used: it shows the next when the clock is a step further",
            guessedAt(drifts: [-1, -1, -1, -1], usedUpTo: began(-1)), verify(-1),
            .no(.replayed, retryAfter: 20)),
        Row(
            "a fast authenticator's, used: the next is shown in 20 s and not in 50",
            guessedAt(drifts: [0, 1, 0, 0], usedUpTo: began(1)), verify(1),
            .no(.replayed, retryAfter: 20)),
    ]

    static let wide: [Row] = [
        Row(
            "32 failures", guessedAt(failures: 32), verify(1), yes(1),
            after: accepted(guessedAt(failures: 32), 1)),
        Row(
            "three accepted codes", guessedAt(drifts: [0, 0, 0]), verify(-1), yes(-1),
            after: accepted(guessedAt(drifts: [0, 0, 0]), -1)),
        Row(
            "the first code of a new authenticator",
            exact.with { $0.pending = Given.waiting(rescue: nil) },
            Confirm(code: Given.code(1, of: Given.newSecret)), with: Given.renewed,
            .accepted(.done), after: confirmed),
    ]

    private static let confirmed = exact.with {
        $0.factor = Factor(
            secret: Given.newSecret, parameters: .standard, enrolledAt: Given.now)
        $0.backupCodes = Given.newCodes
        $0.guard.drifts = Drifts()
        $0.guard.drifts.note(1)
        $0.guard.lastStepBegan = began(1)
    }.noted(.enrolled, by: .confirm)

    @Test("one step is accepted", arguments: rows) func one(_ row: Row) { row.check() }
    @Test("a used code is no guess", arguments: used) func isUsed(_ row: Row) { row.check() }
    @Test("three are accepted", arguments: wide) func three(_ row: Row) { row.check() }

    @Test("every operation with a code accepts the one step alone")
    func operations() {
        let made: [(SubmittedCode) -> any Operation] = [
            { Verify(code: $0) }, { Disable(code: $0) }, { RenewBackupCodes(code: $0) },
            { Enroll(secret: Given.newSecret, parameters: .standard, code: $0) },
        ]
        for make in made {
            func answer(_ offset: Int64) -> Answer {
                make(Given.totp(offset)).decide(Self.exact, at: Given.now, with: Given.renewed)
                    .answer
            }
            #expect(answer(0).isYes)
            #expect(answer(-1).error == .replayed)
            #expect(answer(1).error == .wrongCode)
        }
    }

    @Test("an app that is guessed at accepts one step from the first failure on")
    func app() {
        let policy = AppPolicy.standard.guessedAt
        for (failures, offset, isYes) in [
            (0, 1, true), (0, -1, true), (1, 0, true), (1, 1, false), (1, -1, false),
        ] as [(Int64, Int64, Bool)] {
            let account = Self.guessedAt(failures: failures)
            let outcome = Self.verify(offset).decideAsOfNow(
                account, at: Given.now, under: policy, with: .nothing)
            #expect(outcome.answer.isYes == isYes, "\(failures) failures, \(offset)")
        }
        #expect(policy.guessedAt == policy && policy != .standard)
    }

    @Test("a code that was too old is never accepted, though the failures drain meanwhile")
    func drained() {
        let account = Self.exact.with {
            // One second until there are 32.
            $0.guard.totp.longCount.emptyAt = Given.now + .seconds(32 * 25_920 + 1)
        }
        let old = Given.totp(-1)
        let refused = Verify(code: old).decide(account, at: Given.now, with: .nothing)
        #expect(refused.answer.error == .replayed)
        let later = Given.now + .seconds(1)
        #expect(Verify(code: old).decide(account, at: later, with: .nothing).answer.isYes)
        let again = Verify(code: old).decide(refused.account, at: later, with: .nothing)
        #expect(again.answer == .no(.replayed, retryAfter: 0))
    }

    @Test("a late typist gets in with the next code, and a guesser learns no step to come")
    func person() {
        var account = Self.exact
        for offset in [-1, 1, 0] as [Int64] {
            account = Self.verify(offset).decide(account, at: Given.now, with: .nothing).account
        }
        #expect(account.guard.lastStepBegan == Given.began)
        // What was wrong as the step to come is right in its own time, once.
        let next = Given.now + .seconds(30)
        let right = Verify(code: Given.totp(1)).decide(account, at: next, with: .nothing)
        #expect(right.answer.isYes)
    }
}
