// The tables of `backup_codes` and `disable`.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct RenewAndDisableTests {
    static let renewRefusals =
        CodeRefusals(by: .backupCodes, renews: true) { RenewBackupCodes(code: $0) }.rows
        + [
            Row(
                "right, but without new codes", Given.active, RenewBackupCodes(code: Given.totp()),
                .needs(Preparation(newBackupCodes: true)), isEvent: false),
            Row(
                "right backup code, but without new codes", Given.active,
                RenewBackupCodes(code: Given.backup), with: Given.right,
                .needs(Preparation(newBackupCodes: true)), isEvent: false),
        ]

    private static let counted = Throttle(
        failures: 4, until: Given.now, emptyAt: Given.now + .days(3))

    private static let renewed = Given.active.used(upTo: Given.began, drift: 0)
        .with { $0.backupCodes = Given.newCodes }
        .noted(.backupCodesRenewed, by: .backupCodes)
    private static let renewedByCode = Given.active.with { $0.backupCodes = Given.newCodes }
        .noted(.backupCodeUsed, by: .backupCodes)
        .noted(.backupCodesRenewed, by: .backupCodes)

    static let renewals: [Row] = [
        Row(
            "with TOTP", Given.active, RenewBackupCodes(code: Given.totp()), with: Given.renewed,
            .accepted(.done),
            after: renewed),
        Row(
            "the first, after an import", Given.imported, RenewBackupCodes(code: Given.totp()),
            with: Given.renewed, .accepted(.done),
            after: renewed),
        Row(
            "with a backup code", Given.active, RenewBackupCodes(code: Given.backup),
            with: Prepared(submitted: Given.right.submitted, newBackupCodes: Given.newCodes),
            .accepted(.done), after: renewedByCode),
        Row(
            "the old codes' lock goes with them, the long count does not",
            Given.active.with {
                $0.guard.backup = Throttle(
                    failures: 100, isLocked: true, emptyAt: Given.now + .days(3))
            }, RenewBackupCodes(code: Given.totp()), with: Given.renewed, .accepted(.done),
            after: renewed.with {
                $0.guard.backup = Throttle(
                    failures: 0, until: Given.now, emptyAt: Given.now + .days(3))
            }),
        Row(
            "with a backup code, a TOTP lock stays",
            Given.active.with { $0.guard.totp = .locked }, RenewBackupCodes(code: Given.backup),
            with: Prepared(submitted: Given.right.submitted, newBackupCodes: Given.newCodes),
            .accepted(.done),
            after: renewedByCode.with { $0.guard.totp = .locked }),
    ]

    static let disableRefusals = CodeRefusals(by: .disable) { Disable(code: $0) }.rows

    static let disablings: [Row] = [
        Row(
            "with TOTP: used steps and the long count are kept",
            Given.replacing.with {
                $0.guard.totp = counted
                $0.guard.backup = Throttle(failures: 9, emptyAt: Given.now + .days(2))
            }, Disable(code: Given.totp()), .accepted(.done),
            after: Given.unknown.retired(upTo: Given.began).with {
                $0.guard.totp = Throttle(
                    failures: 0, until: Given.now, emptyAt: Given.now + .days(3))
                $0.guard.backup = Throttle(
                    failures: 0, until: Given.now, emptyAt: Given.now + .days(2))
            }.noted(.disabled, by: .disable)),
        Row(
            "with a backup code, though TOTP is locked",
            Given.active.with {
                $0.guard.totp = .locked
                $0.guard.lastStepBegan = Given.began
            }, Disable(code: Given.backup), with: Given.right, .accepted(.done),
            after: Given.unknown.retired(upTo: Given.began)
                .noted(.backupCodeUsed, by: .disable).noted(.disabled, by: .disable)),
    ]

    @Test(arguments: renewRefusals) func refusesToRenew(_ row: Row) { row.check() }
    @Test(arguments: renewals) func renews(_ row: Row) { row.check() }
    @Test(arguments: disableRefusals) func refusesToDisable(_ row: Row) { row.check() }
    @Test(arguments: disablings) func disables(_ row: Row) { row.check() }
}
