// `confirm`: the first code of a new secret makes it the factor, and ends the old one in the same
// step. A wrong code changes nothing but a count.

import OneTimeCodes

package struct Confirm: Operation {
    package let code: TOTPCode
    package let attempt: AttemptTag?

    package init(code: TOTPCode, attempt: AttemptTag? = nil) {
        self.code = code
        self.attempt = attempt
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let recalled = account.recall(
            attempt, for: .totp(code), at: now, under: policy.throttle,
            isRescue: account.pending?.rescueConfirmations != nil)
        switch recalled {
        case .nothing:
            return confirm(account, at: now, under: policy, with: prepared)
                .remembered(attempt, as: .gaveCodes, at: now)
        case .again(let outcome): return outcome
        case .lost(let noted, _):
            return noted.withFreshCodes(prepared, for: .confirm, at: now, else: account)
        }
    }

    private func confirm(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard let pending = account.pending else { return .refused(.noEnrollment, account) }
        guard !pending.isExpired(at: now) else { return .refused(.enrollmentExpired, account) }
        var account = account
        if pending.rescueConfirmations == nil, let refusal = account.guard.totp.refusal(at: now) {
            return Outcome(account, refusal)
        }
        let forgotten = account.forgottenStepBegan(
            pending.parameters, madeAfter: pending.madeAfter)
        if forgotten - now > Policy.stepAheadMax {
            return .refused(.clockBehind, account, retryAfter: forgotten - now)
        }

        let charged = account.chargedForConfirmation(at: now, under: policy.throttle)

        guard
            let step = Account.match(code, pending.secret, pending.parameters, at: now)
        else {
            // Behind the last of its tries the enrolment has ended, and the budget's wait holds.
            let isRescue = charged.pending?.rescueConfirmations != nil
            return .wrongCode(
                charged, since: account.guard.totp, \.totp, for: .confirm, at: now,
                isRescue: isRescue)
        }
        let began = Instant(seconds: step * Int64(pending.parameters.period))
        guard began > forgotten else {
            let wait = pending.parameters.waitForStep(after: forgotten, at: now)
            return .refused(.replayed, account, retryAfter: wait)
        }
        guard let newBackupCodes = prepared.newBackupCodes else {
            return .needs(Preparation(newBackupCodes: true), account)
        }

        account.factor = Factor(
            secret: pending.secret, parameters: pending.parameters, enrolledAt: now,
            madeAfter: pending.madeAfter)
        account.pending = nil
        account.backupCodes = newBackupCodes
        account.devices = []
        account.guard.retireFactor()
        account.guard.lastStepBegan = began
        account.guard.drifts.note(pending.parameters.drift(of: step, at: now))
        account.guard.attempts = []
        account.guard.totp.rebind(at: now)
        account.guard.backup.rebind(at: now)
        account.guard.history.note(.enrolled, by: .confirm, at: now)
        return .accepted(.done, account)
    }
}

extension Account {
    /// The budget's charge; and one try fewer where a backup code had bought tries of its own.
    fileprivate func chargedForConfirmation(
        at now: Instant, under policy: ThrottlePolicy
    ) -> Account {
        var charged = self
        charged.guard.totp.charge(at: now, under: policy)
        if let left = charged.pending?.rescueConfirmations {
            charged.pending?.rescueConfirmations = left - 1
            if left <= 1 { charged.pending = nil }
        }
        return charged
    }
}
