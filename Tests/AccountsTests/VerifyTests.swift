// The table of `verify`: its refusals in the order of precedence, then what it accepts.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct VerifyTests {
    static let refusals = CodeRefusals(by: .verify) { Verify(code: $0) }.rows

    static let successes: [Row] = [
        Row(
            "this step", Given.active, Verify(code: Given.totp()), yes(.totp, 10, drift: 0),
            after: Given.active.used(upTo: Given.began, drift: 0)),
        Row(
            "the step before", Given.active, Verify(code: Given.totp(-1)),
            yes(.totp, 10, drift: -1),
            after: Given.active.used(upTo: Given.began + .seconds(-30), drift: -1)),
        Row(
            "the step after", Given.active, Verify(code: Given.totp(1)), yes(.totp, 10, drift: 1),
            after: Given.active.used(upTo: Given.began + .seconds(30), drift: 1)),
        Row(
            "the step after a used one", Given.active.used(upTo: Given.began),
            Verify(code: Given.totp(1)), yes(.totp, 10, drift: 1),
            after: Given.active.used(upTo: Given.began + .seconds(30), drift: 1)),
        Row(
            "after failures: the consecutive count starts again, the long one does not",
            Given.active.with { $0.guard.totp = failed },
            Verify(code: Given.totp()), yes(.totp, 10, drift: 0),
            after: Given.active.used(upTo: Given.began, drift: 0).with {
                $0.guard.totp = Throttle(
                    failures: 0, until: Given.now, emptyAt: failed.longCount.emptyAt)
            }),
        Row(
            "while the backup codes are locked",
            Given.active.with { $0.guard.backup = .locked }, Verify(code: Given.totp()),
            yes(.totp, 10, drift: 0),
            after: Given.active.used(upTo: Given.began, drift: 0).with {
                $0.guard.backup = .locked
            }),
        Row(
            "with the old factor while a new one is set up", Given.replacing,
            Verify(code: Given.totp()), yes(.totp, 10, drift: 0),
            after: Given.replacing.used(upTo: Given.began, drift: 0)),
        Row(
            "the new factor's code does not count before it is confirmed", Given.replacing,
            Verify(code: Given.totp(of: Given.newSecret)), .no(.wrongCode),
            after: Given.replacing.with { $0.guard.totp = .one }),
        Row(
            "a backup code", Given.active, Verify(code: Given.backup), with: Given.right,
            yes(.backup, 9), after: oneCodeLess.noted(.backupCodeUsed, by: .verify)),
        Row(
            "a backup code while TOTP is locked", Given.active.with { $0.guard.totp = .locked },
            Verify(code: Given.backup), with: Given.right, yes(.backup, 9),
            after: oneCodeLess.noted(.backupCodeUsed, by: .verify).with {
                $0.guard.totp = .locked
            }),
        Row(
            "a used backup code", oneCodeLess, Verify(code: Given.backup), with: Given.right,
            .no(.wrongCode), after: oneCodeLess.with { $0.guard.backup = .one }),
        Row(
            "the last backup code", last(1), Verify(code: Given.backup), with: Given.right,
            yes(.backup, 0), after: last(0).noted(.backupCodeUsed, by: .verify)),
    ]

    private static let failed = Throttle(
        failures: 4, until: Given.now, emptyAt: Given.now + .days(3))
    private static let oneCodeLess = Given.active.with {
        $0.backupCodes?.remove(3)
    }

    private static func last(_ count: Int) -> Account {
        Given.active.with {
            $0.backupCodes = BackupCodeSet(
                salt: Given.salt, hashes: Array(Given.hashes[3..<(3 + count)]))
        }
    }

    private static func yes(_ method: CodeMethod, _ left: Int, drift: Int8? = nil) -> Answer {
        .accepted(.verified(Verified(method, backupCodesLeft: left, drift: drift)))
    }

    @Test(arguments: refusals) func refuses(_ row: Row) { row.check() }
    @Test(arguments: successes) func decides(_ row: Row) { row.check() }
}
