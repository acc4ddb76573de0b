// A clock that once ran ahead must not bar a person for good: a fresh secret has no used steps.

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

    @Test("her old secret, imported again, is still refused")
    func importedAgain() {
        var account = Reset().decide(Self.ahead, at: Given.now, with: .nothing).account
        let bring = Import(
            secret: Given.secret, parameters: .standard, lastStep: nil, replaces: false)
        account = bring.decide(account, at: Given.now, with: .nothing).account
        let outcome = Verify(code: Given.totp()).decide(account, at: Given.now, with: .nothing)
        #expect(outcome.answer.error == .clockBehind)
    }
}

/// The refusal that says that the clock was set back, at its edge and in its place among others.
@Suite struct ClockBehindTests {
    private static func ahead(_ milliseconds: Int64) -> Account {
        Given.active.used(upTo: Given.now + Duration(milliseconds: milliseconds))
    }

    static let table: [Row] = [
        Row("60 s ahead", ahead(60_000), verify(Given.totp()), .no(.replayed, retryAfter: 90)),
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
