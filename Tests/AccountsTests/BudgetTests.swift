// Shows that every operation with a code feeds and obeys the same budget (CVE-2024-32868 and
// others: limits that one door had and its neighbour had not).

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct BudgetTests {
    /// An operation that takes a code, by the name of the protocol.
    enum Door: String, CaseIterable, Sendable {
        case verify, enroll, confirm, renew, disable

        static let forBackupCodes = allCases.filter { $0 != .confirm }

        func operation(_ code: SubmittedCode) -> any Operation {
            switch self {
            case .verify: return Verify(code: code)
            case .enroll:
                return Enroll(secret: Given.newSecret, parameters: .standard, code: code)
            case .confirm:
                guard case .totp(let code) = code else {
                    preconditionFailure("nothing is confirmed with a backup code")
                }
                return Confirm(code: code)
            case .renew: return RenewBackupCodes(code: code)
            case .disable: return Disable(code: code)
            }
        }

        /// The right code for this door.
        func right(at now: Instant) -> SubmittedCode {
            Given.totp(of: self == .confirm ? Given.newSecret : Given.secret, at: now)
        }
    }

    private func decide(
        _ door: Door, _ code: SubmittedCode, _ account: Account, at now: Instant = Given.now,
        hash: [UInt8]? = nil
    ) -> Outcome {
        var prepared = Given.renewed
        prepared.submitted = hash.map { Prepared.BackupCodeHash(salt: Given.salt, hash: $0) }
        return door.operation(code).decide(account, at: now, with: prepared)
    }

    @Test("T-L3: a wrong code at any door counts at every other", arguments: Door.allCases)
    func feeds(_ first: Door) {
        let wrong = SubmittedCode.totp(Given.wrongCode())
        for second in Door.allCases {
            var account = Given.replacing
            for count in 1...5 as ClosedRange<UInt32> {
                let outcome = decide(first, wrong, account)
                #expect(outcome.answer.error == .wrongCode)
                account = outcome.account
                #expect(account.guard.totp.consecutiveFailures == count)
                #expect(account.guard.totp.longCount.level(at: Given.now) == Int64(count))
                #expect(account.guard.backup == Throttle())
            }
            let right = decide(second, second.right(at: Given.now), account)
            #expect(right.answer == .no(.throttled, retryAfter: 30), "\(first), then \(second)")
            #expect(right.account == account)
            let later = Given.now + .seconds(30)
            let open = decide(second, second.right(at: later), account, at: later)
            #expect(open.answer.isYes, "\(first), then \(second)")
        }
    }

    @Test("T-L3: five wrong codes at five doors are five")
    func together() {
        var account = Given.replacing
        for door in Door.allCases {
            account = decide(door, .totp(Given.wrongCode()), account).account
        }
        for door in Door.allCases {
            let outcome = decide(door, door.right(at: Given.now), account)
            #expect(outcome.answer.error == .throttled, "\(door)")
        }
    }

    @Test("T-L9: what is locked is locked at every door", arguments: Door.allCases)
    func locked(_ door: Door) {
        var account = Given.replacing.with { $0.guard.totp = Throttle(failures: 99) }
        let last = decide(door, .totp(Given.wrongCode()), account)
        #expect(last.alert == .locked)
        account = last.account
        for days in [0, 1, 365, 36_500] as [Int64] {
            let now = Given.now + .days(days)
            // The enrolment is kept from expiring, so that only the lock speaks.
            let fresh = account.with { $0.pending = Given.waiting(rescue: nil, at: now) }
            for other in Door.allCases {
                let outcome = decide(other, other.right(at: now), fresh, at: now)
                #expect(outcome.answer.error == .locked, "\(door), then \(other), day \(days)")
            }
        }
        let unlocked = Unlock().decide(account, at: Given.now, with: .nothing).account
        #expect(decide(door, door.right(at: Given.now), unlocked).answer.isYes)
    }

    @Test(
        "T-L3, T-L9: backup codes have a budget of their own, at every door",
        arguments: Door.forBackupCodes)
    func backup(_ first: Door) {
        let wrong = [UInt8](repeating: 99, count: 16)
        for second in Door.forBackupCodes {
            var account = Given.active
            for count in 1...5 as ClosedRange<UInt32> {
                let outcome = decide(first, Given.backup, account, hash: wrong)
                #expect(outcome.answer.error == .wrongCode)
                account = outcome.account
                #expect(account.guard.backup.consecutiveFailures == count)
                #expect(account.guard.totp == Throttle())
                #expect(account.backupCodesLeft == 10)
            }
            let right = Given.hashes[0]
            let waiting = decide(second, Given.backup, account, hash: right)
            #expect(waiting.answer == .no(.throttled, retryAfter: 30))
            let locked = account.with { $0.guard.backup.isLocked = true }
            let refused = decide(second, Given.backup, locked, hash: right)
            #expect(refused.answer.error == .locked)
            // Closing one leaves the other open.
            #expect(decide(second, second.right(at: Given.now), locked).answer.isYes)
            let totpLocked = Given.active.with { $0.guard.totp = .locked }
            #expect(decide(second, Given.backup, totpLocked, hash: right).answer.isYes)
        }
    }

    @Test("a used code is not charged at any door")
    func replayed() {
        for door in Door.allCases where door != .confirm {
            let used = Given.active.used(upTo: Given.began)
            for _ in 0..<200 {
                let outcome = decide(door, Given.totp(), used)
                #expect(outcome.answer.error == .replayed)
                #expect(outcome.account == used)
            }
        }
    }

    @Test("nothing without a code gives a count back (CVE-2026-27801)")
    func noWayBack() {
        let counted = Given.unknown.with {
            $0.guard.totp = Throttle(failures: 42, emptyAt: Given.now + .days(12))
        }
        var account = counted
        for round in 0..<20 as Range<Int64> {
            let now = Given.now + .seconds(round)
            let enroll = Enroll(secret: Given.newSecret, parameters: .standard)
            account = enroll.decide(account, at: now, with: .nothing).account
            account = Status().decide(account, at: now, with: .nothing).account
            account = Cancel().decide(account, at: now, with: .nothing).account
            #expect(account == counted)
        }
    }
}
