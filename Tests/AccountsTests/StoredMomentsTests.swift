// A clock that was ahead and is set back costs nothing for good: every wait is as long as if it had
// begun now, and over when the answer has said, and nothing is forgotten either.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite struct StoredMomentsTests {
    /// By how much the clock was ahead: from a leap of its own to a wrong year.
    static let jumps: [Duration] = [
        Duration(milliseconds: 1), Duration(milliseconds: 200), .seconds(30), .seconds(120),
        .hours(1), .days(31), .days(365), .days(1_096),
    ]
    private static let waits: [Int64] = [0, 0, 0, 0, 30, 60, 120]

    private func wrong(_ count: Int, _ code: SubmittedCode, at then: Instant) -> Account {
        (0..<count).reduce(Given.active) { account, _ in
            var account = account
            // As if each wait had been waited for.
            account.guard.totp.waitsUntil = .distantPast
            account.guard.backup.waitsUntil = .distantPast
            return Verify(code: code).decide(account, at: then, with: Given.wrong).account
        }
    }

    @Test("a wait is cut to its own length, and over when the answer says", arguments: jumps)
    func waits(_ jump: Duration) {
        for (index, seconds) in Self.waits.enumerated() {
            let code = SubmittedCode.totp(Given.wrongCode())
            let ahead = wrong(index + 1, code, at: Given.now + jump)
            let status = Status().decide(ahead, at: Given.now, with: .nothing)
            #expect(status.account.guard.totp.waitsUntil == Given.now + .seconds(seconds))
            let outcome = Verify(code: Given.totp()).decide(ahead, at: Given.now, with: .nothing)
            guard seconds > 0 else {
                #expect(outcome.answer.isYes, "\(index + 1) failures")
                continue
            }
            #expect(outcome.answer == .no(.throttled, retryAfter: seconds))
            let last = Given.now + .seconds(seconds) - Duration(milliseconds: 1)
            let early = Verify(code: Given.totp(at: last)).decide(
                outcome.account, at: last, with: .nothing)
            #expect(early.answer.error == .throttled, "nothing is dropped")
            let end = Given.now + .seconds(seconds)
            let late = Verify(code: Given.totp(at: end)).decide(
                outcome.account, at: end, with: .nothing)
            #expect(late.answer.isYes)
            #expect(late.account.guard.totp.longCount.level(at: end) == Int64(index + 1))
        }
    }

    @Test("a clock set back again and again gives a guesser no comparison", arguments: jumps)
    func guesser(_ jump: Duration) {
        var account = wrong(5, .totp(Given.wrongCode()), at: Given.now)
        var now = Given.now
        for _ in 0..<10 {
            now = now - jump
            let outcome = Verify(code: .totp(Given.wrongCode(at: now))).decide(
                account, at: now, with: .nothing)
            #expect(outcome.answer == .no(.throttled, retryAfter: 30))
            account = outcome.account
        }
        #expect(account.guard.totp.longCount.level(at: now) == 5)
    }

    @Test("one failure keeps neither clock_behind nor a backup code away", arguments: jumps)
    func freeFailure(_ jump: Duration) {
        let accepted = Verify(code: Given.totp(at: Given.now + jump)).decide(
            Given.active, at: Given.now + jump, with: .nothing)
        let failed = Verify(code: .totp(Given.wrongCode(at: Given.now + jump))).decide(
            accepted.account, at: Given.now + jump, with: .nothing)
        let outcome = Verify(code: Given.totp()).decide(
            failed.account, at: Given.now, with: .nothing)
        let behind = failed.account.guard.lastStepBegan - Given.now
        if behind > .seconds(60) {
            #expect(
                outcome.answer == .refused(Refusal(.clockBehind, retryAfter: behind)))
        } else {
            #expect(outcome.answer.error == .replayed)
        }
        let mistyped = wrong(1, Given.backup, at: Given.now + jump)
        let right = Verify(code: Given.backup).decide(mistyped, at: Given.now, with: Given.right)
        #expect(right.answer.isYes)
    }

    @Test("the long count stays what it was, after a success as well", arguments: jumps)
    func longCount(_ jump: Duration) {
        let ahead = Given.now + jump
        let failed = wrong(3, .totp(Given.wrongCode(at: ahead)), at: ahead)
        let right = Verify(code: Given.totp(at: ahead)).decide(failed, at: ahead, with: .nothing)
        #expect(right.answer.isYes)
        for account in [failed, right.account] {
            let looked = Show().decide(account, at: Given.now, with: .nothing).account
            #expect(looked.guard.totp.longCount.level(at: Given.now) == 3)
            #expect(looked.guard.totp.wait(at: Given.now) == nil)
        }
    }

    @Test("an enrolment is good for its 600 s from now", arguments: jumps)
    func enrolment(_ jump: Duration) {
        let ahead = Given.unknown.with {
            $0.pending = Given.waiting(rescue: nil, at: Given.now + jump)
        }
        let looked = Status().decide(ahead, at: Given.now, with: .nothing).account
        let end = Given.now + .seconds(600)
        for (moment, isGood) in [(end - Duration(milliseconds: 1), true), (end, false)] {
            let confirm = Confirm(code: Given.code(of: Given.newSecret, at: moment))
            let outcome = confirm.decide(looked, at: moment, with: Given.renewed)
            #expect(outcome.answer.isYes == isGood)
        }
        let code = Given.code(of: Given.newSecret, at: Given.now)
        #expect(Confirm(code: code).decide(ahead, at: Given.now, with: Given.renewed).answer.isYes)
    }

    @Test("an answer that is kept is given again for 90 s at most", arguments: jumps)
    func attempts(_ jump: Duration) {
        let tag = AttemptTag(
            attempt: [UInt8](repeating: 1, count: 16), code: [UInt8](repeating: 2, count: 16))
        let verify = Verify(code: .totp(Given.wrongCode()), attempt: tag)
        let ahead = verify.decide(Given.active, at: Given.now + jump, with: .nothing).account
        let looked = Status().decide(ahead, at: Given.now, with: .nothing).account
        let isKept = jump < .seconds(90)
        #expect((looked.guard.remembered(tag, at: Given.now) != nil) == isKept)
        // Nor does it come back when the clock gets there.
        #expect((looked.guard.remembered(tag, at: Given.now + jump) != nil) == isKept)
        #expect(looked.guard.remembered(tag, at: Given.now + jump + .seconds(90)) == nil)
    }

    // MARK: Limits and sources

    private static let rule = LimitPolicy(max: 5, per: .seconds(60))

    private func decide(
        _ action: Limit.Action, _ bucket: LimitBucket, _ tag: UInt64 = 1, at now: Instant
    ) -> LimitOutcome {
        Limit(action, under: .given(Self.rule)).decide(bucket, tag, at: now, under: .standard)
    }

    @Test("what a limit has spent comes back in its own time", arguments: jumps)
    func limits(_ jump: Duration) {
        for spent in 1...5 {
            let ahead = decide(.spend(spent), LimitBucket(), at: Given.now + jump).bucket
            let peek = decide(.peek(5), ahead, at: Given.now)
            let wait = Duration.seconds(Int64(12 * spent))
            #expect(peek.answer == .failure(Refusal(.throttled, retryAfter: wait)))
            let early = Given.now + wait - Duration(milliseconds: 1)
            #expect(!decide(.peek(5), peek.bucket, at: early).isYes)
            #expect(decide(.peek(5), peek.bucket, at: Given.now + wait).isYes)
        }
    }

    @Test("a bucket that others have filled has room in its own time", arguments: jumps)
    func fullBucket(_ jump: Duration) {
        let full = (0..<UInt64(LimitBucket.capacity)).reduce(LimitBucket()) { bucket, index in
            decide(.spend(1), bucket, 100 + index, at: Given.now + jump).bucket
        }
        let refused = decide(.spend(1), full, at: Given.now)
        #expect(
            refused.answer == .failure(Refusal(.tooManyKeys, retryAfter: .seconds(12))))
        #expect(decide(.spend(1), refused.bucket, at: Given.now + .seconds(12)).isYes)
    }

    @Test("a longer rule before, or an older version, is measured by the rule, once")
    func otherRules() throws {
        let long = Limit(.spend(3), under: .given(LimitPolicy(max: 3, per: .hours(1))))
            .decide(LimitBucket(), 1, at: Given.now, under: .standard).bucket
        let state = try #require(
            LimitState(emptyAt: Given.now + .days(900), part: 0, parts: 5))
        let older = try #require(LimitBucket([LimitBucket.Entry(tag: 1, state: state)]))
        for bucket in [long, older] {
            let refused = decide(.spend(1), bucket, at: Given.now)
            let wait = Refusal(.throttled, retryAfter: .seconds(12))
            #expect(refused.answer == .failure(wait))
            let then = Given.now + .seconds(12)
            #expect(decide(.spend(1), refused.bucket, at: then).isYes)
        }
    }

    @Test("a source that has spent all has one back in its own time", arguments: jumps)
    func sources(_ jump: Duration) {
        let policy = AppPolicy.standard
        let ahead = Given.now + jump
        let wrong = Verify(code: .totp(Given.wrongCode(at: ahead)))
        let spent = (0..<50).reduce(SourceLimit(tag: 1, bucket: LimitBucket())) { source, _ in
            source.decide(wrong, Given.active, at: ahead, under: policy, with: .nothing).1
        }
        let right = Verify(code: Given.totp())
        let (refused, kept) = spent.decide(
            right, Given.active, at: Given.now, under: policy, with: .nothing)
        #expect(refused.answer == .no(.throttled, retryAfter: 12, spent: .source))
        let then = Given.now + .seconds(12)
        let (outcome, _) = kept.decide(
            Verify(code: Given.totp(at: then)), Given.active, at: then, under: policy,
            with: .nothing)
        #expect(outcome.answer.isYes)
    }

    // MARK: Steps

    @Test("replayed says when the first step begins that is later, whatever the period was")
    func replayed() {
        for (before, after, wait) in [(30, 60, 30), (30, 45, 15), (60, 45, 15)]
            as [(Int, Int, Int64)]
        {
            // Where a step begins of 60 s and of 45 s; and 30 s further.
            let now = Instant(seconds: 1_800_000_030)
            let used = Instant(
                seconds: TOTP.step(at: now.seconds, period: before) * Int64(before))
            let parameters = codeParameters(.sha1, 6, after)
            let account = Given.active.used(upTo: used).with {
                $0.factor = Factor(
                    secret: Given.secret, parameters: parameters, enrolledAt: now)
            }
            let step = TOTP.step(at: used.seconds, period: after)
            let code = TOTP.code(secret: Given.secret, step: step, parameters: parameters)
            let outcome = Verify(code: .totp(code)).decide(account, at: now, with: .nothing)
            #expect(outcome.answer == .no(.replayed, retryAfter: wait))
        }
    }
}

extension LimitOutcome {
    fileprivate var isYes: Bool {
        if case .success = answer { return true }
        return false
    }
}
