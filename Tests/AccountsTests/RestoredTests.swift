// After the store was put back to an older state: steps that were used in what is forgotten, or may
// have been, stay used, for every operation that takes a code.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct RestoredTests {
    /// Restored ten seconds into the step of `Given.began`.
    private static let restored = UsedBefore(restoredAt: Given.now)
    private static let active = Given.active.with { $0.usedBefore = restored }
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

    @Test(arguments: refusals) func refuses(_ row: Row) { row.check() }
    @Test(arguments: successes) func decides(_ row: Row) { row.check() }
}
