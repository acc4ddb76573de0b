// The tables of `enroll` and `cancel`.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite struct EnrollTests {
    private static func enroll(_ code: SubmittedCode? = nil) -> Enroll {
        Enroll(secret: Given.newSecret, parameters: .standard, code: code)
    }

    static let refusals =
        [
            Row("one too many", Given.tooMany, enroll(), .no(.tooManyAccounts)),
            Row(
                "one too many, with a code", Given.tooMany, enroll(Given.totp()),
                .no(.tooManyAccounts)),
            Row("a factor and no code", Given.active, enroll(), .no(.codeRequired)),
            Row(
                "a factor that is locked, and no code",
                Given.active.with { $0.guard.totp = .locked }, enroll(), .no(.codeRequired)),
        ] + CodeRefusals(by: .enroll) { enroll($0) }.rows

    private static let begun = Answer.accepted(.enrolled(expiresIn: .minutes(10)))

    static let successes: [Row] = [
        Row("the first", Given.unknown, enroll(), begun, after: Given.pending),
        Row(
            "again: the newest counts",
            Given.unknown.with {
                $0.pending = Pending(
                    secret: Given.secret, parameters: .standard,
                    expiresAt: Given.now + .seconds(1), rescueConfirmations: nil)
            }, enroll(), begun, after: Given.pending),
        Row(
            "no count starts again", Given.unknown.with { $0.guard.totp = .locked }, enroll(),
            begun, after: Given.pending.with { $0.guard.totp = .locked }),
        Row(
            "beside a factor, with its code", Given.active, enroll(Given.totp()), begun,
            after: Given.replacing.used(upTo: Given.began, drift: 0)),
        Row(
            "beside a factor, with a backup code, though TOTP is locked",
            Given.active.with { $0.guard.totp = .locked }, enroll(Given.backup), with: Given.right,
            begun,
            after: Given.rescued.with {
                $0.backupCodes?.remove(3)
                $0.guard.totp = .locked
            }.noted(.backupCodeUsed, by: .enroll)),
    ]

    static let cancels: [Row] = [
        Row("nothing to drop", Given.active, Cancel(), .no(.noEnrollment)),
        Row("nobody", Given.unknown, Cancel(), .no(.noEnrollment)),
        Row("the first", Given.pending, Cancel(), .accepted(.done), after: Given.unknown),
        Row(
            "beside a factor; counts stay",
            Given.replacing.with { $0.guard.totp = .locked }, Cancel(), .accepted(.done),
            after: Given.active.with { $0.guard.totp = .locked }),
        Row(
            "expired", Given.pending, Cancel(), at: Given.now + .days(1), .accepted(.done),
            after: Given.unknown),
    ]

    @Test(arguments: refusals) func refuses(_ row: Row) { row.check() }
    @Test(arguments: successes) func decides(_ row: Row) { row.check() }
    @Test(arguments: cancels) func decidesCancels(_ row: Row) { row.check() }
}
