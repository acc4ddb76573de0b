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

    private static let answered = RememberedAttempt(
        tag: tag, decidedAt: Given.now, result: .answered)

    private static let confirmed = after(confirm, Given.replacing)
    private static let renewed = after(renew, Given.active)
    private static let enrolled = after(enroll(1), Given.active)
    private static let disabled = after(disable, Given.replacing)

    private static func fresh(_ account: Account, by op: HistoryEntry.Operation) -> Account {
        account.with {
            $0.backupCodes = others
            $0.guard.attempts = [answered]
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
                $0.guard.attempts = [answered]
            }),
        Row(
            "enrol again, given up meanwhile", enrolled.with { $0.pending = nil }, enroll(2),
            .no(.replayed, retryAfter: 20), isEvent: false),
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

    @Test("an attempt that was answered or superseded takes no other code or operation")
    func answeredOnce() {
        let superseded = Self.after(
            RenewBackupCodes(code: Given.backup), Self.renewed,
            Prepared(submitted: Self.hash(0), newBackupCodes: Self.others))
        let begunAgain = Self.after(Self.enroll(3, Given.backup, nil), Self.enrolled, Given.right)
        let accounts = [
            Self.fresh(Self.confirmed, by: .confirm), Self.fresh(Self.renewed, by: .backupCodes),
            Self.after(Self.enroll(2), Self.enrolled, .nothing), superseded, begunAgain,
        ]
        for account in accounts {
            let operations: [any Operation] = [
                Disable(code: Given.totp(1), attempt: Self.otherCode),
                Verify(code: .totp(Given.wrongCode()), attempt: Self.otherCode),
            ]
            for operation in operations {
                #expect(operation.isAnswered(in: account, at: Given.now))
                let outcome = operation.decide(account, at: Given.now, with: .nothing)
                #expect(outcome.answer.error == .badRequest)
                #expect(outcome.account == account.with { $0.guard.replace(Self.tag, by: .void) })
                #expect(outcome.isEvent)
            }
        }
    }

    @Test("what is decided anew is no answer that is there, and is remembered in its place")
    func decidedAnew() {
        let begun = Self.after(Self.enroll(1, Given.backup, Self.tag), Given.active, Given.right)
        let again = Self.after(Self.enroll(2, Given.backup, Self.tag), begun, .nothing)
        let enroll = Self.enroll(3, Given.backup, Self.tag)
        #expect(!enroll.isAnswered(in: again, at: Given.now))
        let third = enroll.decide(again, at: Given.now, with: Given.wrong)
        #expect(third.answer == .no(.wrongCode))
        #expect(third.account.guard.attempts.map(\.result) == [.wrongCode])
        #expect(enroll.isAnswered(in: third.account, at: Given.now))
    }

    @Test("an enrolment that was given up is decided anew: its attempt has no answer")
    func givenUp() {
        let account = Self.enrolled.with { $0.pending = nil }
        #expect(Self.enroll(2).isAnswered(in: Self.enrolled, at: Given.now))
        #expect(!Self.enroll(2).isAnswered(in: account, at: Given.now))
    }

    @Test("the last try that a backup code bought names the wait, the second time too")
    func lastRescue() {
        let rescued = Given.rescued.with {
            $0.guard.totp = Throttle(failures: 4)
            $0.pending?.rescueConfirmations = 1
        }
        let confirm = Confirm(code: Given.wrongCode(), attempt: Self.tag)
        let first = confirm.decide(rescued, at: Given.now, with: .nothing)
        #expect(first.account.pending == nil)
        #expect(first.answer == .no(.wrongCode, retryAfter: 30))
        #expect(confirm.decide(first.account, at: Given.now, with: .nothing).answer == first.answer)
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
        #expect(renewed.guard.attempts == [Self.answered])

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
