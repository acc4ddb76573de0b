// The table of `confirm`.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct ConfirmTests {
    private static let right = Confirm(code: Given.code(of: Given.newSecret))
    private static let wrong = Confirm(code: Given.wrongCode())
    private static let end = Given.now + .seconds(600)

    static let refusals: [Row] = [
        Row("nobody", Given.unknown, right, .no(.noEnrollment)),
        Row(
            "no enrolment, and locked", Given.active.with { $0.guard.totp = .locked }, right,
            .no(.noEnrollment)),
        Row(
            "expired, and locked", Given.pending.with { $0.guard.totp = .locked },
            Confirm(code: Given.code(of: Given.newSecret, at: end)), at: end,
            .no(.enrollmentExpired)),
        Row(
            "locked, and waiting", Given.pending.with { $0.guard.totp = .locked }, right,
            .no(.locked)),
        Row(
            "throttled", Given.pending.with { $0.guard.totp = .waiting }, right,
            .no(.throttled, retryAfter: 10)),
        Row(
            "wrong code", Given.pending, wrong, .no(.wrongCode),
            after: Given.pending.with { $0.guard.totp = .one }),
        Row(
            "wrong code beside a factor", Given.replacing, wrong, .no(.wrongCode),
            after: Given.replacing.with { $0.guard.totp = .one }),
        Row(
            "the old factor's code", Given.replacing, Confirm(code: Given.code()),
            .no(.wrongCode), after: Given.replacing.with { $0.guard.totp = .one }),
        Row(
            "hundredth wrong code", Given.pending.with { $0.guard.totp = Throttle(failures: 99) },
            wrong, .no(.wrongCode),
            after: Given.pending.with {
                $0.guard.totp = Throttle(
                    failures: 100, until: Given.now + .seconds(3_600), isLocked: true,
                    emptyAt: Given.now + .seconds(25_920))
            }.noted(.locked, by: .confirm), alert: .locked),
        Row(
            "right, but without new backup codes", Given.pending, right,
            .needs(Preparation(newBackupCodes: true)), isEvent: false),
    ]

    private static let confirmed = Given.active.with {
        $0.factor = Factor(
            secret: Given.newSecret, parameters: .standard, enrolledAt: Given.now)
        $0.backupCodes = Given.newCodes
        $0.guard.lastStepBegan = Given.began
        $0.guard.drifts.note(0)
    }.noted(.enrolled, by: .confirm)

    static let successes: [Row] = [
        Row(
            "the first", Given.pending, right, with: Given.renewed, .accepted(.done),
            after: confirmed),
        Row(
            "the step before", Given.pending, Confirm(code: Given.code(-1, of: Given.newSecret)),
            with: Given.renewed, .accepted(.done),
            after: confirmed.used(upTo: Given.began + .seconds(-30), drift: -1)),
        Row(
            "the last millisecond", Given.pending,
            Confirm(code: Given.code(of: Given.newSecret, at: end + Duration(milliseconds: -1))),
            with: Given.renewed, at: end + Duration(milliseconds: -1), .accepted(.done),
            after: confirmed.with {
                $0.factor = Factor(
                    secret: Given.newSecret, parameters: .standard,
                    enrolledAt: end + Duration(milliseconds: -1))
                $0.guard.lastStepBegan = Given.began + .seconds(600)
                $0.guard.history = History([
                    HistoryEntry(at: end + .seconds(-1), .confirm, .enrolled)
                ])
            }),
        Row(
            "in place of a factor whose newest used step is later",
            Given.replacing.used(upTo: Given.began + .seconds(30)), right, with: Given.renewed,
            .accepted(.done), after: confirmed.retired(upTo: Given.began + .seconds(30))),
        Row(
            "remembered attempts go, failures go, the long count stays",
            Given.replacing.with {
                $0.guard.totp = Throttle(failures: 4, emptyAt: Given.now + .days(2))
                $0.guard.backup = Throttle(
                    failures: 100, isLocked: true, emptyAt: Given.now + .days(3))
                $0.guard.attempts = [
                    RememberedAttempt(
                        tag: AttemptTag(attempt: [1], code: [2]), decidedAt: Given.now,
                        result: .wrongCode)
                ]
            }, right, with: Given.renewed, .accepted(.done),
            after: confirmed.with {
                $0.guard.totp = Throttle(
                    failures: 0, until: Given.now, emptyAt: Given.now + .days(2))
                $0.guard.backup = Throttle(
                    failures: 0, until: Given.now, emptyAt: Given.now + .days(3))
            }),
        Row(
            "begun with a backup code, though locked",
            Given.rescued.with { $0.guard.totp = .locked }, right, with: Given.renewed,
            .accepted(.done), after: confirmed),
    ]

    @Test(arguments: refusals) func refuses(_ row: Row) { row.check() }
    @Test(arguments: successes) func decides(_ row: Row) { row.check() }
}
