// Shows that an attempt asked about again gets its answer again, uncharged, and for nothing else.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct AttemptTests {
    private static func tag(_ attempt: Int, code: UInt8 = 1) -> AttemptTag {
        AttemptTag(
            attempt: [UInt8](repeating: UInt8(attempt), count: 16),
            code: [UInt8](repeating: code, count: 16))
    }

    private static let right = Verify(code: Given.totp(), attempt: tag(1))
    private static let wrong = Verify(code: .totp(Given.wrongCode()), attempt: tag(2, code: 2))

    private func decide(_ operation: any Operation, _ account: Account, after: Duration = .zero)
        -> Outcome
    {
        operation.decide(account, at: Given.now + after, with: .nothing)
    }

    private func remembering(_ operation: Verify) -> Account {
        decide(operation, Given.active).account
    }

    @Test("a yes is said again until 90 s have passed, then the code is a used one")
    func yesAgain() {
        let first = decide(Self.right, Given.active)
        let yes = Verified(.totp, backupCodesLeft: 10, drift: 0)
        #expect(first.answer == .accepted(.verified(yes)))
        let yesAgain = Verified(.totp, backupCodesLeft: 10)
        #expect(first.isEvent)
        for (milliseconds, isSaidAgain) in [
            (0, true), (1, true), (89_999, true), (90_000, false), (90_001, false),
        ] as [(Int64, Bool)] {
            let again = decide(
                Self.right, first.account, after: Duration(milliseconds: milliseconds))
            if isSaidAgain {
                #expect(again.answer == .accepted(.verified(yesAgain)))
                #expect(again.account == first.account)
                #expect(!again.isEvent)
            } else {
                // Ninety seconds on, the code is of no step of the window.
                #expect(again.answer.error == .wrongCode)
            }
        }
    }

    @Test("a no is said again and charged once")
    func noAgain() {
        let first = decide(Self.wrong, Given.active)
        #expect(first.account.guard.totp == .one)
        let again = decide(Self.wrong, first.account, after: .seconds(89))
        #expect(again.answer == .no(.wrongCode))
        #expect(again.account == first.account)
        #expect(!again.isEvent)
        let late = decide(Self.wrong, first.account, after: .seconds(90))
        #expect(late.answer == .no(.wrongCode))
        #expect(late.account.guard.totp.consecutiveFailures == 2)
        #expect(late.isEvent)
    }

    @Test("a no that is said again says how long to wait now")
    func retryAfter() {
        let account = Given.active.with { $0.guard.totp = Throttle(failures: 4) }
        let first = decide(Self.wrong, account)
        #expect(first.answer == .no(.wrongCode, retryAfter: 30))
        let again = decide(Self.wrong, first.account, after: .seconds(12))
        #expect(again.answer == .no(.wrongCode, retryAfter: 18))
    }

    @Test("a no that locked says no time, the second time neither: no time ends a lock")
    func lockedBy() {
        let account = Given.active.with { $0.guard.totp = Throttle(failures: 99) }
        let first = decide(Self.wrong, account)
        #expect(first.account.guard.totp.isLocked)
        #expect(first.answer == .no(.wrongCode))
        #expect(decide(Self.wrong, first.account).answer == .no(.wrongCode))
    }

    @Test("the same attempt with another code is a mistake, uncharged")
    func anotherCode() {
        for remembered in [remembering(Self.right), remembering(Self.wrong)] {
            let number = remembered.guard.totp == .one ? 2 : 1
            for code in [Given.totp(1), .totp(Given.wrongCode(from: 500_000)), Given.backup] {
                let other = Verify(code: code, attempt: Self.tag(number, code: 9))
                let outcome = decide(other, remembered)
                #expect(outcome.answer.error == .badRequest)
                #expect(outcome.account.guard.totp == remembered.guard.totp)
                #expect(outcome.account.guard.backup == remembered.guard.backup)
                #expect(outcome.isEvent)
                if case .refused(let refusal) = outcome.answer {
                    #expect(refusal.field == "attempt")
                }
            }
        }
    }

    @Test("and answers for no code from then on: it is no oracle that guesses for nothing")
    func noOracle() {
        let other = Verify(
            code: .totp(Given.wrongCode(from: 500_000)), attempt: Self.tag(1, code: 9))
        let first = decide(other, remembering(Self.right))
        for again in [Self.right, other, Self.right] {
            let outcome = decide(again, first.account)
            #expect(outcome.answer.error == .badRequest)
            #expect(outcome.account == first.account)
            #expect(!outcome.isEvent)
        }
    }

    @Test("another attempt with a used code is refused")
    func anotherAttempt() {
        let remembered = remembering(Self.right)
        let other = Verify(code: Given.totp(), attempt: Self.tag(3))
        #expect(decide(other, remembered).answer.error == .replayed)
        #expect(decide(Verify(code: Given.totp()), remembered).answer.error == .replayed)
    }

    @Test("what was not compared is not remembered")
    func onlyComparisons() {
        for account in [
            Given.active.with { $0.guard.totp = .locked },
            Given.active.with { $0.guard.totp = .waiting },
            Given.active.used(upTo: Given.began), Given.unknown,
        ] {
            let outcome = decide(Self.right, account)
            #expect(!outcome.answer.isYes)
            #expect(outcome.account.guard.attempts == [])
        }
        let asked = Verify(code: Given.backup, attempt: Self.tag(1))
        #expect(decide(asked, Given.active).account.guard.attempts == [])
    }

    @Test("sixteen are remembered; the seventeenth takes the place of the oldest")
    func seventeen() {
        var account = Given.active
        let verifies = (1...17).map { number in
            let code = Given.wrongCode(from: UInt32(number) * 1_000)
            return Verify(code: .totp(code), attempt: Self.tag(number))
        }
        for (index, verify) in verifies.enumerated() {
            account.guard.totp = Throttle()
            account = decide(verify, account).account
            #expect(account.guard.attempts.count == min(index + 1, 16))
        }
        account.guard.totp = Throttle()
        for verify in verifies.dropFirst() {
            #expect(decide(verify, account).account == account)
        }
        let forgotten = decide(verifies[0], account)
        #expect(forgotten.account.guard.totp == .one)
        #expect(forgotten.isEvent)
    }

    @Test("those that are too old make room first")
    func stale() {
        var account = Given.active
        account.guard.attempts = (1...8).map { number in
            RememberedAttempt(
                tag: Self.tag(number), decidedAt: Given.now + .seconds(Int64(number) - 94),
                result: .wrongCode)
        }
        let outcome = decide(Verify(code: Given.totp(), attempt: Self.tag(20)), account)
        let kept = outcome.account.guard.attempts.map(\.tag.attempt[0])
        #expect(kept == [5, 6, 7, 8, 20])
    }

    @Test("nothing is said again across a new factor")
    func forgotten() {
        let account = remembering(Self.right)
        let prepared = Prepared(newBackupCodes: Given.newCodes)
        let replacing = account.with { $0.pending = Given.waiting(rescue: nil) }
        let later = Given.now + .seconds(30)
        let disable = Disable(code: Given.totp(at: later))
        let confirm = Confirm(code: Given.code(of: Given.newSecret))
        let replace = Import(
            secret: Given.newSecret, parameters: .standard, lastStep: nil, replaces: true)
        let operations: [any Operation] = [disable, confirm, replace, Reset()]
        for operation in operations {
            let changed = operation.decide(replacing, at: later, with: prepared)
            #expect(changed.answer == .accepted(.done))
            #expect(changed.account.guard.attempts == [])
            #expect(!decide(Self.right, changed.account, after: .seconds(30)).answer.isYes)
        }
    }

    @Test("a clock set back a little forgets nothing, one set back far forgets all")
    func clockSetBack() {
        let account = remembering(Self.right)
        for (milliseconds, isSaidAgain) in [
            (-1, true), (-89_999, true), (-90_000, false), (-1_000_000, false),
        ] as [(Int64, Bool)] {
            let outcome = decide(
                Self.right, account, after: Duration(milliseconds: milliseconds))
            #expect(outcome.answer.isYes == isSaidAgain, "\(milliseconds) ms")
        }
    }

    @Test func tagsTellAttemptsAndCodesApart() {
        let tag = AttemptTag(
            attempt: "0123456789abcdef", operation: "verify", canonicalCode: "123456")
        #expect(tag.attempt.count == 16)
        #expect(tag.code.count == 16)
        #expect(
            tag
                == AttemptTag(
                    attempt: "0123456789abcdef", operation: "verify", canonicalCode: "123456"))
        let other = AttemptTag(
            attempt: "0123456789abcdef", operation: "verify", canonicalCode: "123457")
        #expect(other.attempt == tag.attempt)
        #expect(other.code != tag.code)
        let another = AttemptTag(
            attempt: "0123456789abcdeg", operation: "verify", canonicalCode: "123456")
        #expect(another.attempt != tag.attempt)
        #expect(another.code != tag.code)
    }
}
