// Rules of enrolment, of reset and of backup codes that need more than one decision.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite struct EnrollmentRuleTests {
    @Test("T-E1: of many confirms one succeeds, and one set of codes is given")
    func confirmOnce() {
        var account = Given.pending
        var accepted = 0
        func hash(_ round: UInt8) -> [UInt8] { [UInt8](repeating: round, count: 16) }
        for round in 0..<30 as Range<UInt8> {
            let set = BackupCodeSet(salt: Given.salt, hashes: [hash(round)])
            let outcome = Confirm(code: Given.code(of: Given.newSecret)).decide(
                account, at: Given.now, with: Prepared(newBackupCodes: set))
            account = outcome.account
            if outcome.answer.isYes {
                accepted += 1
            } else {
                #expect(outcome.answer.error == .noEnrollment)
            }
        }
        #expect(accepted == 1)
        #expect(account.backupCodes?.hashBytes == hash(0))
        // The confirming code is used up.
        let verify = Verify(code: Given.totp(of: Given.newSecret))
        let outcome = verify.decide(account, at: Given.now, with: .nothing)
        #expect(outcome.answer.error == .replayed)
    }

    @Test("the old factor works until the new one is confirmed, then neither it nor its codes")
    func oldUntilNew() {
        let later = Given.now + .seconds(60)
        let old = Verify(code: Given.totp(at: later))
        #expect(old.decide(Given.replacing, at: later, with: .nothing).answer.isYes)
        let confirmed = Confirm(code: Given.code(of: Given.newSecret)).decide(
            Given.replacing, at: Given.now, with: Given.renewed
        ).account
        let refused = old.decide(confirmed, at: later, with: .nothing)
        #expect(refused.answer.error == .wrongCode)
        let backup = Verify(code: Given.backup)
        #expect(
            backup.decide(confirmed, at: later, with: Given.right).answer
                == .needs(Preparation(salt: Given.newCodes.salt)))
        let fresh = Verify(code: Given.totp(of: Given.newSecret, at: later))
        #expect(fresh.decide(confirmed, at: later, with: .nothing).answer.isYes)
    }

    @Test("a backup code buys five tries to confirm on a locked account, not six")
    func rescue() {
        var account = Given.rescued.with { $0.guard.totp = .locked }
        let wrong = Confirm(code: Given.wrongCode())
        for left in [4, 3, 2, 1] {
            let outcome = wrong.decide(account, at: Given.now, with: .nothing)
            #expect(outcome.answer.error == .wrongCode)
            account = outcome.account
            #expect(account.pending?.rescueConfirmations == left)
            #expect(account.guard.totp.isLocked)
            let verify = Verify(code: Given.totp()).decide(account, at: Given.now, with: .nothing)
            #expect(verify.answer.error == .locked, "the lock opens for nothing else")
        }
        let last = Confirm(code: Given.code(of: Given.newSecret))
        #expect(last.decide(account, at: Given.now, with: Given.renewed).answer.isYes)
        account = wrong.decide(account, at: Given.now, with: .nothing).account
        #expect(account.pending == nil)
        #expect(account.guard.totp.consecutiveFailures == 105)
        let outcome = last.decide(account, at: Given.now, with: Given.renewed)
        #expect(outcome.answer.error == .noEnrollment)
    }

    @Test("T-B1: of many uses of a backup code one succeeds (one code was good 14 times)")
    func backupOnce() {
        var account = Given.active
        var accepted = 0
        for _ in 0..<30 {
            let outcome = Verify(code: Given.backup).decide(
                account, at: Given.now, with: Given.right)
            account = outcome.account
            accepted += outcome.answer.isYes ? 1 : 0
        }
        #expect(accepted == 1)
        #expect(account.backupCodesLeft == 9)
        #expect(account.guard.backup.consecutiveFailures == 5)
    }

    @Test("T-B2: one user's code is nothing to another (CVE-2025-64175)")
    func backupOfAnother() throws {
        let keys = DataKeys.generate()
        let code = BackupCode.random()
        let (mine, theirs) = ([UInt8](repeating: 1, count: 16), [UInt8](repeating: 2, count: 16))
        func hash(_ salt: [UInt8]) -> [UInt8] {
            Array(code.canonical.utf8).withUnsafeBytes { keys.hashBackupCode($0, salt: salt) }
        }
        let filler = [UInt8](repeating: 5, count: 16)
        let ada = Given.active.with {
            $0.backupCodes = BackupCodeSet(salt: mine, hashes: [filler, hash(mine)])
        }
        let bob = Given.active.with {
            $0.backupCodes = BackupCodeSet(salt: theirs, hashes: [filler, filler])
        }
        let verify = Verify(code: .backup(code))
        let brought = Prepared(
            submitted: Prepared.BackupCodeHash(salt: mine, hash: hash(mine)))
        let asked = verify.decide(bob, at: Given.now, with: brought)
        #expect(asked.answer == .needs(Preparation(salt: theirs)))
        let rehashed = Prepared(
            submitted: Prepared.BackupCodeHash(salt: theirs, hash: hash(theirs)))
        let refused = verify.decide(bob, at: Given.now, with: rehashed)
        #expect(refused.answer.error == .wrongCode)
        #expect(refused.account.backupCodes == bob.backupCodes)
        let accepted = verify.decide(ada, at: Given.now, with: brought)
        #expect(accepted.answer.isYes)
        #expect(accepted.account.backupCodes?.hashes == [filler])
    }

    @Test("a reset and an import of the same secret bring no used code back", arguments: -1...1)
    func resetAndImport(_ offset: Int64) {
        let verify = Verify(code: Given.totp(offset))
        let used = verify.decide(Given.active, at: Given.now, with: .nothing).account
        let empty = Reset().decide(used, at: Given.now, with: .nothing).account
        #expect(
            verify.decide(imported(empty), at: Given.now, with: .nothing).answer.error
                == .replayed)
    }

    @Test(
        "so too for an account that could not be read, whose last step nobody knows",
        arguments: -1...1)
    func unreadable(_ offset: Int64) {
        // Before the reset a code of this step was accepted; the record is lost with that
        // knowledge.
        let empty = Reset.replacement(of: Given.active.name, at: Given.now)
        let verify = Verify(code: Given.totp(offset))
        let outcome = verify.decide(imported(empty), at: Given.now, with: .nothing)
        #expect(outcome.answer.error == .replayed)
    }

    private func imported(_ account: Account) -> Account {
        let again = Import(
            secret: Given.secret, parameters: .standard, lastStep: nil, replaces: false)
        return again.decide(account, at: Given.now, with: .nothing).account
    }
}
