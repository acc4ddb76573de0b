// Shows what an attempt brings back from the operations whose answers bring something that is not
// kept: it comes afresh, once, and what was lost is void.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite struct AttemptsElsewhereTests {
    private static let tag = AttemptTag(
        attempt: [UInt8](repeating: 1, count: 16), code: [UInt8](repeating: 2, count: 16))
    private static let otherCode = AttemptTag(
        attempt: tag.attempt, code: [UInt8](repeating: 3, count: 16))

    private static let others = BackupCodeSet(
        salt: [UInt8](repeating: 9, count: 16),
        hashes: (201...210).map { [UInt8](repeating: UInt8($0), count: 16) })
    private static let fresh = Prepared(newBackupCodes: others)

    private static let confirm = Confirm(code: Given.code(of: Given.newSecret), attempt: tag)
    private static let renew = RenewBackupCodes(code: Given.totp(), attempt: tag)
    private static let disable = Disable(code: Given.totp(), attempt: tag)

    private static func enroll(_ byte: UInt8, _ attempt: AttemptTag? = tag) -> Enroll {
        enroll(byte, Given.totp(), attempt)
    }

    private static func enroll(
        _ byte: UInt8, _ code: SubmittedCode, _ attempt: AttemptTag?
    ) -> Enroll {
        Enroll(secret: secret(byte), parameters: .standard, code: code, attempt: attempt)
    }

    private static func secret(_ byte: UInt8) -> SecretBytes {
        SecretBytes([UInt8](repeating: byte, count: 20))
    }

    private static func after(
        _ operation: any Operation, _ account: Account, _ prepared: Prepared = Given.renewed,
        after wait: Duration = .zero
    ) -> Account {
        let outcome = operation.decide(account, at: Given.now + wait, with: prepared)
        #expect(outcome.answer.isYes)
        #expect(outcome.isEvent)
        return outcome.account
    }

    private static let confirmed = after(confirm, Given.replacing)
    private static let renewed = after(renew, Given.active)
    private static let enrolled = after(enroll(1), Given.active)
    private static let disabled = after(disable, Given.replacing)

    private static func fresh(_ account: Account, by op: HistoryEntry.Operation) -> Account {
        account.with {
            $0.backupCodes = others
            $0.guard.attempts = []
        }.noted(.backupCodesRenewed, by: op)
    }

    static let table: [Row] = [
        Row(
            "confirm again, codes to be drawn", confirmed, confirm,
            .needs(Preparation(newBackupCodes: true)), isEvent: false),
        Row(
            "confirm again", confirmed, confirm, with: fresh, .accepted(.done),
            after: fresh(confirmed, by: .confirm)),
        Row(
            "confirm a third time", fresh(confirmed, by: .confirm), confirm, with: Given.renewed,
            .no(.noEnrollment)),
        Row(
            "confirm with another code", confirmed,
            Confirm(code: Given.code(1, of: Given.newSecret), attempt: otherCode), with: fresh,
            .no(.badRequest, field: "attempt", detail: detail),
            after: confirmed.with { $0.guard.replace(tag, by: .void) }),
        Row(
            "renew again", renewed, renew, with: fresh, .accepted(.done),
            after: fresh(renewed, by: .backupCodes)),
        Row(
            "renew a third time", fresh(renewed, by: .backupCodes), renew, with: Given.renewed,
            .no(.replayed, retryAfter: 20)),
        Row(
            "enrol again", enrolled, enroll(2), .accepted(.enrolled(expiresIn: .seconds(600))),
            after: enrolled.with {
                $0.pending = Pending(
                    secret: secret(2), parameters: .standard,
                    expiresAt: Given.now + .seconds(600), rescueConfirmations: nil)
                $0.guard.attempts = []
            }),
        Row(
            "enrol again, given up meanwhile", enrolled.with { $0.pending = nil }, enroll(2),
            .no(.replayed, retryAfter: 20),
            after: enrolled.with {
                $0.pending = nil
                $0.guard.attempts = []
            }),
        Row("disable again", disabled, disable, .accepted(.done), isEvent: false),
        Row(
            "disable with another code", disabled,
            Disable(code: .totp(Given.wrongCode()), attempt: otherCode),
            .no(.badRequest, field: "attempt", detail: detail),
            after: disabled.with { $0.guard.replace(tag, by: .void) }),
    ]

    private static let detail = "this attempt was made with another code or operation"

    @Test(arguments: table) func decides(_ row: Row) { row.check() }

    @Test("a wrong code is said again by every operation, and charged once")
    func wrongAgain() {
        let wrong = Given.wrongCode()
        let operations: [(Account, any Operation)] = [
            (Given.replacing, Confirm(code: wrong, attempt: Self.tag)),
            (Given.active, RenewBackupCodes(code: .totp(wrong), attempt: Self.tag)),
            (Given.active, Disable(code: .totp(wrong), attempt: Self.tag)),
            (Given.active, Self.enroll(1, .totp(wrong), Self.tag)),
        ]
        for (account, operation) in operations {
            let first = operation.decide(account, at: Given.now, with: .nothing)
            #expect(first.answer == .no(.wrongCode))
            #expect(first.account.guard.totp == .one)
            let again = operation.decide(first.account, at: Given.now, with: .nothing)
            #expect(again.answer == .no(.wrongCode))
            #expect(again.account == first.account)
            #expect(!again.isEvent)
            #expect(operation.isAnswered(in: first.account, at: Given.now))
            #expect(!operation.isAnswered(in: account, at: Given.now))
        }
    }

    @Test("a try that a backup code bought names no wait, the second time neither")
    func rescue() {
        let rescued = Given.rescued.with { $0.guard.totp = Throttle(failures: 10) }
        let confirm = Confirm(code: Given.wrongCode(), attempt: Self.tag)
        let first = confirm.decide(rescued, at: Given.now, with: .nothing)
        #expect(first.answer == .no(.wrongCode))
        #expect(confirm.decide(first.account, at: Given.now, with: .nothing).answer == first.answer)
    }

    @Test("an enrolment that is begun again keeps the tries that are left of it")
    func rescueKept() {
        let enroll = Self.enroll(1, Given.backup, Self.tag)
        var account = Self.after(enroll, Given.active, Given.right)
        account.pending?.rescueConfirmations = 2
        account = Self.after(enroll, account, .nothing)
        #expect(account.pending?.rescueConfirmations == 2)
    }

    @Test("a retry never takes the place of what was asked for later")
    func overtaken() {
        let backup = RenewBackupCodes(code: Given.backup)
        let prepared = Prepared(submitted: Self.hash(0), newBackupCodes: Self.others)
        let renewed = Self.after(backup, Self.renewed, prepared)
        let again = Self.renew.decide(renewed, at: Given.now, with: Given.renewed)
        #expect(again.answer.error == .replayed)
        #expect(again.account == renewed)

        let later = Self.enroll(3, Given.backup, nil)
        let enrolled = Self.after(later, Self.enrolled, Given.right)
        let retried = Self.enroll(2).decide(enrolled, at: Given.now, with: .nothing)
        #expect(retried.answer.error == .replayed)
        #expect(retried.account.pending?.secret == Self.secret(3))
    }

    private static func hash(_ index: Int) -> Prepared.BackupCodeHash {
        Prepared.BackupCodeHash(salt: Given.newCodes.salt, hash: Given.newCodes.hashes[index])
    }
}
