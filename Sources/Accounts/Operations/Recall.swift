// What an account still knows of an attempt: the answer, for a client that may not have got it. It
// answers only the same code and operation, and gives each secret thing out only once more.

import OneTimeCodes

enum Recall {
    /// It is decided.
    case nothing
    /// It was, and is answered the same, at no charge.
    case again(Outcome)
    /// It was accepted, and what its answer brought is not kept. That may be made afresh: in the
    /// account that comes with it, where it is noted that this was done.
    case lost(Account, RememberedAttempt.Result)
}

extension Account {
    func recall(
        _ attempt: AttemptTag?, for code: SubmittedCode, at now: Instant,
        under policy: ThrottlePolicy, isRescue: Bool = false
    ) -> Recall {
        // It may have been burnt or given out since, in what the store has forgotten: it answers
        // for nobody.
        guard let attempt, let remembered = self.guard.remembered(attempt, at: now),
            remembered.decidedAt > usedBefore.attempts
        else { return .nothing }
        guard attempt.code == remembered.tag.code else {
            var account = self
            account.guard.replace(remembered.tag, by: .void)
            return .again(Outcome(account, Self.mistake, isEvent: remembered.result != .void))
        }
        switch remembered.result {
        case .void: return .again(Outcome(self, Self.mistake, isEvent: false))
        case .answered: return .nothing
        case .done: return .again(Outcome(self, .accepted(.done), isEvent: false))
        case .added(let id):
            return .again(Outcome(self, .accepted(.added(id)), isEvent: false))
        case .verified(let method, let left, let wrongCodes, nil, nil):
            let answer = Verified(method, backupCodesLeft: left, wrongCodes: wrongCodes)
            return .again(Outcome(self, .accepted(.verified(answer)), isEvent: false))
        case .wrongCode:
            let wait = isRescue ? nil : wait(for: code, at: now, under: policy)
            let refusal = Refusal(.wrongCode, retryAfter: wait)
            return .again(Outcome(self, .refused(refusal), isEvent: false))
        case .verified(let method, let left, let wrongCodes, _, _):
            var account = self
            account.guard.replace(
                remembered.tag,
                by: .verified(method, backupCodesLeft: left, wrongCodes: wrongCodes))
            return .lost(account, remembered.result)
        case .gaveCodes, .enrolled:
            var account = self
            account.guard.replace(remembered.tag, by: .answered)
            return .lost(account, remembered.result)
        }
    }

    private static let mistake = Answer.refused(
        Refusal(
            .badRequest, field: "attempt",
            detail: "this attempt was made with another code or operation"))

    /// For an attempt whose answer no such operation gives. Only a record that says what cannot be
    /// leads there: code and operation are hashed together.
    var mistakenAttempt: Outcome { Outcome(self, Self.mistake) }

    private func wait(
        for code: SubmittedCode, at now: Instant, under policy: ThrottlePolicy
    ) -> Duration? {
        var settled = self.guard
        settled.settle(at: now, under: policy)
        var account = self
        account.guard = settled
        switch code {
        case .totp: return account.strangersRetryAfter(.totp, at: now)
        case .backup: return account.strangersRetryAfter(.backup, at: now)
        }
    }
}

extension Outcome {
    /// The same, remembered for its attempt. Only what was compared is: a wait or a lock is decided
    /// anew each time, at no charge.
    consuming func remembered(
        _ attempt: AttemptTag?, as accepted: RememberedAttempt.Result? = nil, at now: Instant
    ) -> Outcome {
        remember(attempt, as: accepted, at: now)
        return self
    }

    private mutating func remember(
        _ attempt: AttemptTag?, as accepted: RememberedAttempt.Result?, at now: Instant
    ) {
        guard let attempt else { return }
        let result: RememberedAttempt.Result?
        switch answer {
        case .accepted: result = accepted
        case .refused(let refusal): result = refusal.name == .wrongCode ? .wrongCode : nil
        case .needs: result = nil
        }
        guard let result else { return }
        account.guard.remember(
            RememberedAttempt(tag: attempt, decidedAt: now, result: result), at: now)
    }
}
