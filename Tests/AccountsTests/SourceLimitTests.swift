// Failures by source: on top of an account's budget, never instead. A spent source learns nothing,
// and costs the account nothing.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct SourceLimitTests {
    private static let policy = AppPolicy(source: .standard.with { $0.max = 3 })
    private static let tag: UInt64 = 7

    private static func source(spent seconds: Int64?) -> SourceLimit {
        let state = seconds.flatMap {
            LimitState(
                emptyAt: Given.now + .seconds($0), part: 0, parts: 3, spentAt: Given.now)
        }
        let bucket = state.flatMap { LimitBucket().with($0, of: tag, at: Given.now) }
        return SourceLimit(tag: tag, bucket: bucket ?? LimitBucket())
    }

    private static let wrong = SubmittedCode.totp(Given.wrongCode())

    /// Each operation that takes a code, with the account that it takes it for.
    private static let doors: [(String, Account, @Sendable (SubmittedCode) -> any Operation)] = [
        ("verify", Given.active, { Verify(code: $0) }),
        ("backup_codes", Given.active, { RenewBackupCodes(code: $0) }),
        ("disable", Given.active, { Disable(code: $0) }),
        (
            "enroll", Given.active,
            { Enroll(secret: Given.newSecret, parameters: .standard, code: $0) }
        ),
        (
            "confirm", Given.pending,
            { code in
                guard case .totp(let code) = code else { preconditionFailure("confirm: TOTP only") }
                return Confirm(code: code)
            }
        ),
    ]

    private func decide(
        _ operation: any Operation, _ account: Account, from source: SourceLimit,
        with prepared: Prepared = .nothing
    ) -> (Outcome, SourceLimit) {
        source.decide(operation, account, at: Given.now, under: Self.policy, with: prepared)
    }

    @Test("a wrong code is charged to the account and its source, at every door")
    func wrongCode() {
        for (name, account, operation) in Self.doors {
            let (outcome, source) = decide(
                operation(Self.wrong), account, from: Self.source(spent: nil))
            #expect(outcome.answer == .no(.wrongCode), "\(name)")
            #expect(outcome.account.guard.totp == .one, "\(name)")
            #expect(source == Self.source(spent: 200), "\(name)")
        }
    }

    @Test("a spent source waits, before anything is compared, and its account is not charged")
    func spent() {
        for (name, account, operation) in Self.doors {
            for code in [Given.totp(), Self.wrong] {
                let before = Self.source(spent: 600)
                let (outcome, after) = decide(operation(code), account, from: before)
                #expect(
                    outcome.answer == .no(.throttled, retryAfter: 200, spent: .source), "\(name)")
                #expect(outcome.account == account && after == before, "\(name)")
                #expect(outcome.isEvent, "\(name)")
            }
        }
        let unknown = decide(
            Verify(code: Given.totp()), Given.unknown, from: Self.source(spent: 600))
        #expect(
            unknown.0.answer == .no(.throttled, retryAfter: 200, spent: .source),
            "as for a known user")
    }

    @Test("a backup code of a spent source is not hashed")
    func backupCode() {
        let (outcome, _) = decide(
            Verify(code: Given.backup), Given.active, from: Self.source(spent: 600))
        #expect(outcome.answer == .no(.throttled, retryAfter: 200, spent: .source))
        let (needs, source) = decide(
            Verify(code: Given.backup), Given.active, from: Self.source(spent: nil))
        #expect(needs.answer == .needs(Preparation(salt: Given.salt)))
        #expect(source == Self.source(spent: nil))
        let (refused, charged) = decide(
            Verify(code: Given.backup), Given.active, from: Self.source(spent: nil),
            with: Given.wrong)
        #expect(refused.answer == .no(.wrongCode) && charged == Self.source(spent: 200))
    }

    @Test("nothing but a wrong code is charged to a source")
    func otherAnswers() {
        let used = Given.active.used(upTo: Given.began)
        let yes = Verified(.totp, backupCodesLeft: 10, drift: 0)
        let rows: [(Account, Answer)] = [
            (Given.active, .accepted(.verified(yes))),
            (used, .no(.replayed, retryAfter: 20)),
            (Given.unknown, .no(.notEnrolled)),
            (used.with { $0.guard.totp = .locked }, .no(.locked)),
            (used.with { $0.guard.totp = .waiting }, .no(.throttled, retryAfter: 10)),
        ]
        for (account, answer) in rows {
            let before = Self.source(spent: 400)
            let (outcome, after) = decide(Verify(code: Given.totp()), account, from: before)
            #expect(outcome.answer == answer && after == before)
        }
    }

    @Test("the last failure passes, the one after it does not, and each comes back by itself")
    func counting() {
        var source = Self.source(spent: nil)
        var answers: [Answer] = []
        for index in 0..<5 {
            let account = Account(accountName("user \(index)")).with {
                $0.factor = Given.active.factor
            }
            let (outcome, after) = decide(Verify(code: Self.wrong), account, from: source)
            answers.append(outcome.answer)
            source = after
        }
        let wait = Answer.no(.throttled, retryAfter: 200, spent: .source)
        #expect(answers == Array(repeating: .no(.wrongCode), count: 3) + [wait, wait])
        let later = Given.now + .seconds(200)
        let (outcome, _) = source.decide(
            Verify(code: Given.totp(at: later)), Given.active, at: later, under: Self.policy,
            with: .nothing)
        let yes = Verified(.totp, backupCodesLeft: 10, drift: 0)
        #expect(outcome.answer == .accepted(.verified(yes)))
    }

    @Test("an attempt that is asked again is answered, spent source or not, and charged once")
    func attempt() {
        let tag = AttemptTag(
            attempt: "0123456789abcdef", operation: "verify", canonicalCode: Given.wrongCode().text)
        let verify = Verify(code: Self.wrong, attempt: tag)
        let (first, charged) = decide(verify, Given.active, from: Self.source(spent: 400))
        #expect(first.answer == .no(.wrongCode) && charged == Self.source(spent: 600))
        let (again, same) = decide(verify, first.account, from: charged)
        #expect(again.answer == .no(.wrongCode) && same == charged)
        #expect(!again.isEvent)
    }

    @Test("a source that could not be counted waits as if it were spent")
    func noRoom() {
        let entries = (100..<132).compactMap { tag in
            LimitState(emptyAt: Given.now + .seconds(90), part: 0, parts: 1).map {
                LimitBucket.Entry(tag: tag, state: $0)
            }
        }
        let bucket = LimitBucket(entries)
        #expect(bucket != nil)
        let before = SourceLimit(tag: Self.tag, bucket: bucket ?? LimitBucket())
        let (outcome, after) = decide(Verify(code: Given.totp()), Given.active, from: before)
        #expect(
            outcome.answer == .no(.throttled, retryAfter: 90, spent: .source) && after == before)
    }

    @Test("a source of which nothing can be read has spent all, for as long as that takes")
    func replaced() {
        for (tag, policy) in [(UInt64.max, Self.policy), (1 << 40, .standard)] {
            let per = policy.source.per
            for (left, isThrottled) in [(Duration.seconds(1), true), (.zero, false)] {
                let late = SourceLimit.replacement(
                    tag: tag, at: Given.now - per + left, under: policy)
                let (outcome, _) = late.decide(
                    Verify(code: Given.totp()), Given.active, at: Given.now, under: policy,
                    with: .nothing)
                #expect(
                    (outcome.answer == .no(.throttled, retryAfter: 1, spent: .source))
                        == isThrottled)
                #expect(outcome.answer.isYes != isThrottled)
            }
        }
    }
}

extension SourcePolicy {
    fileprivate func with(_ change: (inout SourcePolicy) -> Void) -> SourcePolicy {
        var policy = self
        change(&policy)
        return policy
    }
}
