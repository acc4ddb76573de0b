// After the store was put back to an older state: steps that were used in what is forgotten, or may
// have been, stay used, for every operation that takes a code.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct RestoredTests {
    /// Restored ten seconds into the step of `Given.began`.
    private static let restored = UsedBefore(restoredAt: Given.now)
    private static let active = Given.active.with { $0.usedBefore = restored }
    /// Begun before, and perhaps confirmed in what is forgotten.
    private static let pending = Given.pending.with { $0.usedBefore = restored }
    private static let rescued = Given.rescued.with { $0.usedBefore = restored }

    static let operations: [(String, any Operation)] = ([-1, 0, 1] as [Int64]).flatMap { step in
        let code = Given.totp(step)
        let operations: [(String, any Operation)] = [
            ("verify \(step)", Verify(code: code)),
            ("disable \(step)", Disable(code: code)),
            ("backup_codes \(step)", RenewBackupCodes(code: code)),
            (
                "enroll \(step)",
                Enroll(secret: Given.newSecret, parameters: .standard, code: code)
            ),
        ]
        return operations
    }

    static let refusals =
        operations.map { name, operation in
            Row(name, active, operation, .no(.replayed, retryAfter: 50), after: active)
        }
        + ([-1, 0, 1] as [Int64]).flatMap { step in
            [pending, rescued].map { account in
                Row(
                    "confirm \(step)", account,
                    Confirm(code: Given.code(step, of: Given.newSecret)), with: Given.renewed,
                    .no(.replayed, retryAfter: 50), after: account)
            }
        }

    /// A step may be used early by one, so the first that nobody can have used is the one after.
    private static let later = Given.began + .seconds(30)

    static let successes: [Row] = [
        Row(
            "the first step that nobody can have used", active,
            Verify(code: Given.totp(1, at: later)), at: later,
            .accepted(.verified(Verified(.totp, backupCodesLeft: 10, drift: 1))),
            after: active.used(upTo: Given.began + .seconds(60), drift: 1)),
        Row(
            "a newer step was used since", active.used(upTo: Given.began + .seconds(60)),
            Verify(code: Given.totp(1, at: later)), at: later,
            .no(.replayed, retryAfter: 60),
            after: active.used(upTo: Given.began + .seconds(60))),
        Row(
            "a wrong code is charged all the same", active, Verify(code: .totp(Given.wrongCode())),
            .no(.wrongCode), after: active.with { $0.guard.totp = .one }),
        Row(
            "a backup code", active, Verify(code: Given.backup), with: Given.right,
            .accepted(.verified(Verified(.backup, backupCodesLeft: 9))),
            after: active.with { $0.backupCodes?.remove(3) }
                .noted(.backupCodeUsed, by: .verify)),
    ]

    /// The clock was an hour ahead then.
    private static let ahead = UsedBefore(restoredAt: Given.now + .hours(1))

    /// What nobody can forget, `reset` says as well, whatever it was told.
    @Test("who is imported waits for the clock, and dry run, reset and import all say it")
    func waitsForTheClock() {
        let new = Given.unknown.with { $0.usedBefore = Self.ahead }
        let wait = Duration.seconds(3620)
        for isDryRun in [true, false] {
            let bring = Import(
                secret: Given.newSecret, parameters: .standard, lastStep: nil, replaces: false,
                isDryRun: isDryRun)
            let answer = bring.decide(new, at: Given.now, with: .nothing).answer
            #expect(
                answer
                    == .accepted(isDryRun ? .wouldImport(.enroll, behind: wait) : .behind(wait)))
        }
        let old = Given.active.with { $0.usedBefore = Self.ahead }
        for forgets in [false, true] {
            let reset = Reset(forgetsFuture: forgets).decide(old, at: Given.now, with: .nothing)
            #expect(reset.answer == .accepted(.behind(wait)))
        }
    }

    /// A secret that was made since has no code that was used before.
    static let madeSince: [Row] = [
        Row(
            "confirm, of an enrolment from before", Given.pending.with { $0.usedBefore = ahead },
            Confirm(code: Given.code(0, of: Given.newSecret)), with: Given.renewed,
            .no(.clockBehind, retryAfter: 3620),
            after: Given.pending.with { $0.usedBefore = ahead }),
        Row(
            "a wrong one is not compared", Given.pending.with { $0.usedBefore = ahead },
            Confirm(code: Given.wrongCode()), with: Given.renewed,
            .no(.clockBehind, retryAfter: 3620),
            after: Given.pending.with { $0.usedBefore = ahead }),
    ]

    @Test("an enrolment that was begun since is confirmed, and its factor counts at once")
    func newEnrolment() throws {
        for forgotten in [Self.restored, Self.ahead] {
            var account = Given.unknown
            account.usedBefore = forgotten
            let enroll = Enroll(secret: Given.newSecret, parameters: .standard)
            account =
                enroll.decide(account, at: Given.now, under: .standard, with: .nothing)
                .account
            #expect(account.pending?.madeAfter == forgotten.steps)
            // A clock that is set back moves its end, and nothing else.
            account.settle(at: Given.now - .hours(1), under: .standard)
            #expect(account.pending?.madeAfter == forgotten.steps)
            account =
                enroll.decide(account, at: Given.now, under: .standard, with: .nothing)
                .account
            let confirm = Confirm(code: Given.code(0, of: Given.newSecret))
            let confirmed = confirm.decide(
                account, at: Given.now, under: .standard, with: Given.renewed)
            #expect(confirmed.answer == .accepted(.done))
            #expect(confirmed.account.factor?.madeAfter == forgotten.steps)
            let later = Given.now + .seconds(30)
            let verify = Verify(code: Given.totp(0, of: Given.newSecret, at: later))
            let verified = verify.decide(
                confirmed.account, at: later, under: .standard, with: .nothing)
            #expect(
                verified.answer
                    == .accepted(.verified(Verified(.totp, backupCodesLeft: 10, drift: 0))))
            // What is forgotten after that is forgotten of it as well.
            var again = confirmed.account
            again.usedBefore.forgetSteps(at: Given.now, newestEvent: nil)
            #expect(again.usedBefore.steps > forgotten.steps)
            let refused = verify.decide(again, at: later, under: .standard, with: .nothing)
            guard case .refused = refused.answer else {
                Issue.record("a code may count twice")
                continue
            }
        }
    }

    /// A broken last frame of the log forgot what it held. Nothing was put back.
    private static let cut = UsedBefore(steps: Given.now)

    /// Another code with the same attempt would have ended it; that may be what is forgotten.
    @Test("no yes from before is given again", arguments: [restored, ahead, cut])
    func attemptFromBefore(_ forgotten: UsedBefore) {
        let attempt = AttemptTag(attempt: [1], code: [2])
        let verify = Verify(code: Given.totp(), attempt: attempt)
        let first = verify.decide(Given.active, at: Given.now, under: .standard, with: .nothing)
        let again = verify.decide(
            first.account, at: Given.now, under: .standard, with: .nothing)
        #expect(again.answer == .accepted(.verified(Verified(.totp, backupCodesLeft: 10))))
        let restored = first.account.with { $0.usedBefore = forgotten }
        let refused = verify.decide(restored, at: Given.now, under: .standard, with: .nothing)
        guard case .refused = refused.answer else {
            Issue.record("a used code is right again")
            return
        }
    }

    @Test("what was decided since is given again: one below, at, and one above")
    func attemptSince() {
        for (milliseconds, isSaidAgain) in [(-1, false), (0, false), (1, true)] as [(Int64, Bool)] {
            let moment = Given.now + Duration(milliseconds: milliseconds)
            let verify = Verify(code: Given.backup, attempt: AttemptTag(attempt: [1], code: [2]))
            let first = verify.decide(Self.active, at: moment, under: .standard, with: Given.right)
            guard case .accepted = first.answer else {
                Issue.record("a backup code is refused")
                continue
            }
            for forgotten in [Self.restored, Self.cut] {
                let account = first.account.with { $0.usedBefore = forgotten }
                let again = verify.decide(
                    account, at: moment, under: .standard, with: .nothing)
                let yes = Verified(.backup, backupCodesLeft: 9)
                #expect((again.answer == .accepted(.verified(yes))) == isSaidAgain)
            }
        }
    }

    @Test(arguments: madeSince) func decidesOfNew(_ row: Row) { row.check() }
    @Test(arguments: refusals) func refuses(_ row: Row) { row.check() }
    @Test(arguments: successes) func decides(_ row: Row) { row.check() }
}
