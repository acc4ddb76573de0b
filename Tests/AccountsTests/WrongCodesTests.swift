// How many codes were wrong since the last yes: what is counted, who is told, and what ends it.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite("Wrong codes since the last yes") struct WrongCodesTests {
    private func decide(
        _ operation: any Accounts.Operation, _ account: inout Account, after seconds: Int64 = 0,
        with prepared: Prepared = .nothing
    ) -> Answer {
        let now = Given.now + .seconds(seconds)
        let outcome = operation.decide(account, at: now, with: prepared)
        account = outcome.account
        return outcome.answer
    }

    private func yes(
        _ wrongCodes: UInt16, _ method: CodeMethod = .totp, _ left: Int = 10
    ) -> Answer {
        .accepted(
            .verified(
                Verified(
                    method, backupCodesLeft: left, wrongCodes: wrongCodes,
                    drift: method == .totp ? 0 : nil)))
    }

    private static let wrong = SubmittedCode.totp(Given.wrongCode())

    @Test("are of both kinds and of every operation with a code, and are told once")
    func all() {
        var account = Given.replacing
        _ = decide(Verify(code: Self.wrong), &account)
        _ = decide(Disable(code: Self.wrong), &account)
        _ = decide(RenewBackupCodes(code: Given.backup), &account, with: Given.wrong)
        _ = decide(Confirm(code: Given.wrongCode()), &account)
        #expect(account.guard.wrongCodes == 4)
        #expect(decide(Verify(code: Given.totp()), &account) == yes(4))
        let next = Given.now + .seconds(30)
        #expect(decide(Verify(code: Given.totp(at: next)), &account, after: 30) == yes(0))
    }

    @Test("are told by a backup code's yes as well")
    func backup() {
        var account = Given.active
        _ = decide(Verify(code: Self.wrong), &account)
        let answer = decide(Verify(code: Given.backup), &account, with: Given.right)
        #expect(answer == yes(1, .backup, 9))
        #expect(account.guard.wrongCodes == 0)
    }

    @Test("are none of those that were not compared, or were right and used")
    func uncounted() {
        var account = Given.active.used(upTo: Given.began)
        _ = decide(Verify(code: Given.totp()), &account)
        account.guard.totp = .waiting
        _ = decide(Verify(code: Self.wrong), &account)
        account.guard.totp = .locked
        _ = decide(Verify(code: Self.wrong), &account)
        #expect(account.guard.wrongCodes == 0)
    }

    @Test("stay with a right code of another operation, with `unlock`, and with a new factor")
    func stay() {
        var account = Given.active
        _ = decide(Verify(code: Self.wrong), &account)
        let renew = RenewBackupCodes(code: Given.totp())
        #expect(decide(renew, &account, with: Given.renewed).isYes)
        #expect(decide(Unlock(), &account).isYes)
        account.pending = Given.waiting(rescue: nil)
        let confirm = Confirm(code: Given.code(of: Given.newSecret))
        #expect(decide(confirm, &account, with: Given.renewed).isYes)
        let next = Given.now + .seconds(30)
        let code = Given.totp(of: Given.newSecret, at: next)
        #expect(decide(Verify(code: code), &account, after: 30) == yes(1))
    }

    @Test("end with the factor, and are none before there is one")
    func end() {
        var account = Given.active
        _ = decide(Verify(code: Self.wrong), &account)
        #expect(decide(Disable(code: Given.totp()), &account).isYes)
        #expect(account.guard.wrongCodes == 0)
        account.pending = Given.waiting(rescue: nil)
        _ = decide(Confirm(code: Given.wrongCode()), &account)
        #expect(account.guard.wrongCodes == 0)
        var reset = Given.active.with { $0.guard.wrongCodes = 3 }
        #expect(decide(Reset(), &reset).isYes)
        #expect(reset.guard.wrongCodes == 0)
    }

    @Test("stop at 65,535")
    func most() {
        for (before, after) in [(65_533, 65_534), (65_534, 65_535), (65_535, 65_535)]
            as [(UInt16, UInt16)]
        {
            var account = Given.active.with { $0.guard.wrongCodes = before }
            _ = decide(Verify(code: Self.wrong), &account)
            #expect(account.guard.wrongCodes == after)
        }
    }

    @Test("are the same when the answer is given again, whatever was wrong since")
    func again() {
        let tag = AttemptTag(
            attempt: [UInt8](repeating: 1, count: 16), code: [UInt8](repeating: 2, count: 16))
        let device = NewDevice(proof: DeviceProof(id: .given(1), digest: .digest(1)), label: nil)
        for device in [nil, device] {
            var account = Given.active.with { $0.guard.wrongCodes = 7 }
            let verify = Verify(code: Given.totp(), attempt: tag, device: device)
            func told() -> UInt16? {
                guard case .accepted(.verified(let verified)) = decide(verify, &account) else {
                    return nil
                }
                return verified.wrongCodes
            }
            #expect(told() == 7)
            _ = decide(Verify(code: Self.wrong), &account)
            // With a device, its lost token comes afresh once, and then no more.
            #expect(told() == 7)
            #expect(told() == 7)
            #expect(account.guard.wrongCodes == 1)
        }
    }
}
