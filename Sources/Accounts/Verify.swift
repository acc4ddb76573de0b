// `verify`: is this the person's code, now, for the first time? It must never say yes twice to one
// code, unless the same attempt asks again for the answer it did not get.

import OneTimeCodes

package struct Verify: Operation {
    package let code: SubmittedCode
    package let attempt: AttemptTag?

    package init(code: SubmittedCode, attempt: AttemptTag? = nil) {
        self.code = code
        self.attempt = attempt
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        if let attempt, let remembered = account.guard.remembered(attempt, at: now) {
            return remembered.outcome(
                for: attempt, account, account.guard.throttle(of: code), at: now,
                under: policy.throttle)
        }
        var outcome: Outcome
        switch account.consume(code, at: now, under: policy, with: prepared) {
        case .not(let refused): outcome = refused
        case .accepted(let accepted, let method):
            let left = accepted.backupCodesLeft
            outcome = .accepted(.verified(method, backupCodesLeft: left), accepted)
        }
        if let attempt, let result = outcome.answer.worthRemembering {
            let remembered = RememberedAttempt(tag: attempt, decidedAt: now, result: result)
            outcome.account.guard.remember(remembered, at: now)
        }
        return outcome
    }

    package func isAnswered(in account: Account, at now: Instant) -> Bool {
        guard let attempt else { return false }
        return account.guard.remembered(attempt, at: now) != nil
    }
}

extension Guard {
    fileprivate func throttle(of code: SubmittedCode) -> Throttle {
        switch code {
        case .totp: return totp
        case .backup: return backup
        }
    }
}

extension Answer {
    /// Only what was compared: a wait or a lock is decided anew each time, at no charge.
    fileprivate var worthRemembering: RememberedAttempt.Result? {
        switch self {
        case .accepted(.verified(let method, let left)):
            return .verified(method, backupCodesLeft: left)
        case .refused(let refusal): return refusal.name == .wrongCode ? .wrongCode : nil
        case .accepted, .needs: return nil
        }
    }
}

extension RememberedAttempt {
    fileprivate func outcome(
        for asked: AttemptTag, _ account: Account, _ throttle: Throttle, at now: Instant,
        under policy: ThrottlePolicy
    ) -> Outcome {
        let detail = "this attempt was made with another code"
        let mistake = Answer.refused(Refusal(.badRequest, field: "attempt", detail: detail))
        guard asked.code == tag.code else {
            var account = account
            account.guard.void(tag)
            return Outcome(account, mistake, isEvent: result != .void)
        }
        switch result {
        case .void: return Outcome(account, mistake, isEvent: false)
        case .verified(let method, let left):
            let answer = Acceptance.verified(method, backupCodesLeft: left)
            return Outcome(account, .accepted(answer), isEvent: false)
        case .wrongCode:
            var settled = throttle
            settled.settle(at: now, under: policy)
            let wait = settled.wait(at: now)
            return Outcome(
                account, .refused(Refusal(.wrongCode, retryAfter: wait)), isEvent: false)
        }
    }
}
