// What `verify` does when a device is to be remembered, and what ends all devices of an account.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite struct RememberTests {
    private static let tag = AttemptTag(
        attempt: [UInt8](repeating: 1, count: 16), code: [UInt8](repeating: 2, count: 16))

    private static func verify(_ number: UInt8, attempt: AttemptTag? = nil) -> Verify {
        let proof = DeviceProof(id: .given(number), digest: .digest(number))
        return Verify(
            code: Given.totp(), attempt: attempt,
            device: NewDevice(proof: proof, label: "laptop"))
    }

    private static func yes(_ number: UInt8, drift: Int8? = 0) -> Answer {
        let device = TrustedDevice(id: .given(number), expiresIn: .days(30))
        return .accepted(
            .verified(Verified(.totp, backupCodesLeft: 10, drift: drift, device: device)))
    }

    private static func with(_ numbers: [UInt8]) -> Account {
        Given.active.used(upTo: Given.began, drift: 0).with {
            $0.devices = numbers.map { .given($0, label: "laptop") }
        }.noted(.deviceRemembered, by: .verify)
    }

    static let table: [Row] = [
        Row(
            "a wrong code brings none",
            Given.active, Verify(code: .totp(Given.wrongCode()), device: verify(1).device),
            .no(.wrongCode), after: Given.active.with { $0.guard.totp = .one }),
        Row("the first", Given.active, verify(1), yes(1), after: with([1])),
        Row(
            "one more", Given.active.with { $0.devices = [.given(9, label: "laptop")] },
            verify(1), yes(1), after: with([9, 1])),
        Row(
            "an expired one makes room",
            Given.active.with {
                $0.devices = [.given(8), .given(9, label: "laptop")]
                $0.devices[0].createdAt = Given.now + .days(-30)
            }, verify(1), yes(1), after: with([9, 1])),
    ]

    @Test(arguments: table) func decides(_ row: Row) { row.check() }

    @Test("at the cap, the one that was used longest ago gives way")
    func cap() {
        var account = Given.active.with {
            $0.devices = (1...10).map { .given($0) }
            $0.devices[3].usedAt = Given.now + .seconds(-1)
        }
        account = decide(Self.verify(11), account).account
        #expect(account.devices.map(\.id.rawValue) == [1, 2, 3, 5, 6, 7, 8, 9, 10, 11])
        var policy = DevicePolicy()
        policy.max = 2
        let later = Given.now + .seconds(30)
        let verify = Verify(code: Given.totp(at: later), device: Self.verify(12).device)
        let outcome = verify.decide(
            account, at: later, under: AppPolicy(devices: policy), with: .nothing)
        #expect(outcome.account.devices.map(\.id.rawValue) == [11, 12])
    }

    @Test("an app that has them switched off remembers none, and trusts none")
    func off() {
        let policy = AppPolicy(devices: .lasting(.zero))
        let outcome = Self.verify(1).decide(
            Given.active, at: Given.now, under: policy, with: .nothing)
        #expect(outcome.answer.error == .badRequest && outcome.account == Given.active)
        let trusted = Trusted(
            token: DeviceProof(id: .given(1), digest: .digest(1)), next: .digest(2))
        let refused = trusted.decide(
            DeviceTests.remembering, at: Given.now, under: policy, with: .nothing)
        #expect(refused.answer.error == .notTrusted)
    }

    @Test("a lost answer's token gives way to a new one, once")
    func again() {
        let first = decide(Self.verify(1, attempt: Self.tag), Given.active)
        #expect(first.answer == Self.yes(1))
        let again = decide(Self.verify(2, attempt: Self.tag), first.account)
        #expect(again.answer == Self.yes(2, drift: nil))
        #expect(again.account.devices.map(\.id) == [.given(2)])
        #expect(again.account.guard.totp == first.account.guard.totp)
        #expect(again.account.guard.history == first.account.guard.history)
        let third = decide(Self.verify(3, attempt: Self.tag), again.account)
        let plain = Verified(.totp, backupCodesLeft: 10)
        #expect(third.answer == .accepted(.verified(plain)))
        #expect(third.account == again.account)
    }

    @Test("a device that was forgotten meanwhile does not come back")
    func forgottenMeanwhile() {
        let first = decide(Self.verify(1, attempt: Self.tag), Given.active)
        let forgotten = decide(Forget(.all), first.account).account
        let again = decide(Self.verify(2, attempt: Self.tag), forgotten)
        #expect(again.answer == .accepted(.verified(Verified(.totp, backupCodesLeft: 10))))
        #expect(again.account == forgotten)
    }

    @Test("all devices go with the factor")
    func gone() {
        let account = DeviceTests.remembering.with { $0.pending = Given.waiting(rescue: nil) }
        let bring = Import(
            secret: Given.newSecret, parameters: .standard, lastStep: nil, replaces: true)
        let operations: [any Operation] = [
            Confirm(code: Given.code(of: Given.newSecret)), Disable(code: Given.totp()), Reset(),
            bring,
        ]
        for operation in operations {
            let outcome = operation.decide(account, at: Given.now, with: Given.renewed)
            #expect(outcome.answer.isYes && outcome.account.devices == [])
        }
        let enroll = Enroll(
            secret: Given.newSecret, parameters: .standard, code: Given.totp())
        #expect(decide(enroll, account).account.devices == account.devices, "until it is confirmed")
    }

    private func decide(_ operation: any Operation, _ account: Account) -> Outcome {
        operation.decide(account, at: Given.now, with: .nothing)
    }
}
