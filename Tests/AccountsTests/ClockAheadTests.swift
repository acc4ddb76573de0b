// A clock that once ran ahead does not lock a person out for good: a fresh secret has no used
// steps.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite struct ClockAheadTests {
    private static let year = Duration.days(365)

    /// Ada logged in while the host's clock was a year ahead.
    private static let ahead = Given.active.used(upTo: Given.began + year)

    @Test("her old secret stays refused until then, by name and not with a yes")
    func oldSecret() {
        let outcome = Verify(code: Given.totp()).decide(
            Self.ahead, at: Given.now, with: .nothing)
        #expect(outcome.answer.error == .clockBehind)
    }

    @Test("a reset and a new enrolment help her at once")
    func newSecret() {
        var account = Reset().decide(Self.ahead, at: Given.now, with: .nothing).account
        let enroll = Enroll(secret: Given.newSecret, parameters: .standard)
        account = enroll.decide(account, at: Given.now, with: .nothing).account
        let confirm = Confirm(code: Given.code(of: Given.newSecret, at: Given.now))
        account = confirm.decide(account, at: Given.now, with: Given.renewed).account
        let later = Given.now + .seconds(30)
        let verify = Verify(code: .totp(Given.code(of: Given.newSecret, at: later)))
        #expect(verify.decide(account, at: later, with: .nothing).answer.isYes)
    }

    @Test("her old secret, imported again, is still refused, and both answers say it")
    func importedAgain() {
        let behind = Answer.accepted(.behind(Given.began + Self.year - Given.now))
        let reset = Reset().decide(Self.ahead, at: Given.now, with: .nothing)
        #expect(reset.answer == behind)
        let bring = Self.bring(Given.secret)
        let brought = bring.decide(reset.account, at: Given.now, with: .nothing)
        #expect(brought.answer == behind)
        let again = bring.decide(brought.account, at: Given.now, with: .nothing)
        #expect(again.answer == behind && !again.isEvent)
        let account = brought.account
        let outcome = Verify(code: Given.totp()).decide(account, at: Given.now, with: .nothing)
        #expect(outcome.answer.error == .clockBehind)
    }

    private static func bring(_ secret: SecretBytes) -> Import {
        Import(secret: secret, parameters: .standard, lastStep: nil, replaces: false)
    }

    @Test("an admin's word forgets what is yet to come, and nothing that was used by now")
    func forgotten() {
        let forget = Reset(forgetsFuture: true)
        let once = Reset().decide(Self.ahead, at: Given.now, with: .nothing).account
        for account in [Self.ahead, once] {
            let reset = forget.decide(account, at: Given.now, with: .nothing)
            #expect(reset.answer == .accepted(.done))
            #expect(reset.account.guard.retiredStepBegan == Given.now + .seconds(60))
            let again = forget.decide(reset.account, at: Given.now, with: .nothing)
            #expect(again.answer.error == .notEnrolled)
            for secret in [Given.secret, Given.newSecret] {
                let brought = Self.bring(secret).decide(
                    reset.account, at: Given.now, with: .nothing)
                #expect(brought.answer == .accepted(.done))
                for (seconds, error) in [(0, .replayed), (60, .replayed), (90, nil)]
                    as [(Int64, ErrorName?)]
                {
                    let moment = Given.now + .seconds(seconds)
                    let verify = Verify(code: Given.totp(of: secret, at: moment))
                    let outcome = verify.decide(brought.account, at: moment, with: .nothing)
                    #expect(outcome.answer.error == error, "after \(seconds) s")
                }
            }
        }
        // Where the clock was right, it forgets nothing.
        let used = Given.active.used(upTo: Given.began + .seconds(30))
        let reset = forget.decide(used, at: Given.now, with: .nothing)
        #expect(reset.account.guard.retiredStepBegan == Given.began + .seconds(30))
    }
}

/// The refusal that says that the clock was set back, at its edge and in its place among others.
@Suite struct ClockBehindTests {
    private static func ahead(_ milliseconds: Int64) -> Account {
        Given.active.used(upTo: Given.now + Duration(milliseconds: milliseconds))
    }

    static let table: [Row] = [
        Row("60 s ahead", ahead(60_000), verify(Given.totp()), .no(.replayed, retryAfter: 80)),
        Row(
            "a millisecond more", ahead(60_001), verify(Given.totp()),
            .refused(Refusal(.clockBehind, retryAfter: Duration(milliseconds: 60_001)))),
        Row(
            "a wrong code costs nothing", ahead(3_600_000), verify(.totp(Given.wrongCode())),
            .no(.clockBehind, retryAfter: 3_600)),
        Row(
            "while codes wait", ahead(3_600_000).with { $0.guard.totp = .waiting },
            verify(Given.totp()), .no(.throttled, retryAfter: 10)),
        Row(
            "while codes are locked", ahead(3_600_000).with { $0.guard.totp = .locked },
            verify(Given.totp()), .no(.locked)),
        Row(
            "a backup code works", ahead(3_600_000), Verify(code: Given.backup), with: Given.right,
            .accepted(.verified(Verified(.backup, backupCodesLeft: 9))),
            after: ahead(3_600_000).with { $0.backupCodes?.remove(3) }
                .noted(.backupCodeUsed, by: .verify)),
    ]

    private static func verify(_ code: SubmittedCode) -> Verify { Verify(code: code) }

    @Test(arguments: table) func decides(_ row: Row) { row.check() }

    @Test("every operation that takes a code says so")
    func everyDoor() {
        let code = Given.totp()
        let enroll = Enroll(secret: Given.newSecret, parameters: .standard, code: code)
        let operations: [any Operation] = [
            Verify(code: code), RenewBackupCodes(code: code), Disable(code: code), enroll,
        ]
        for operation in operations {
            let account = Self.ahead(3_600_000)
            let outcome = operation.decide(account, at: Given.now, with: .nothing)
            #expect(outcome.answer == .no(.clockBehind, retryAfter: 3_600))
            #expect(outcome.account == account)
        }
    }
}
