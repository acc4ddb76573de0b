// `confirm`: the first code of a new secret makes it the factor, and ends the old one in the same
// step; or it puts one more authenticator beside the others. A wrong code changes nothing but a
// count.

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
            let outcome = confirm(account, at: now, under: policy, with: prepared)
            if case .accepted(.added(let id)) = outcome.answer {
                return outcome.remembered(attempt, as: .added(id), at: now)
            }
            return outcome.remembered(attempt, as: .gaveCodes, at: now)
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
                charged, since: account.guard.totp, .totp, for: .confirm, at: now,
                isRescue: isRescue)
        }
        let began = Instant(seconds: step * Int64(pending.parameters.period))
        guard began > forgotten else {
            let wait = pending.parameters.waitForStep(after: forgotten, at: now)
            return .refused(.replayed, account, retryAfter: wait)
        }
        var steps = UsedSteps(lastStepBegan: began)
        steps.drifts.note(pending.parameters.drift(of: step, at: now))
        if pending.adds {
            account.useUp(code, at: now)
            return account.adding(pending, used: steps, at: now)
        }
        guard let newBackupCodes = prepared.newBackupCodes else {
            return .needs(Preparation(newBackupCodes: true), account)
        }
        account.replaceFactor(by: pending, used: steps, newBackupCodes, at: now)
        return .accepted(.done, account)
    }
}

extension Account {
    fileprivate mutating func replaceFactor(
        by pending: Pending, used steps: UsedSteps, _ newBackupCodes: BackupCodeSet, at now: Instant
    ) {
        endFactor()
        factor = Factor(
            secret: pending.secret, parameters: pending.parameters, enrolledAt: now,
            madeAfter: pending.madeAfter, name: pending.name)
        setUsedSteps(steps, at: 0)
        backupCodes = newBackupCodes
        self.guard.history.note(.enrolled, by: .confirm, at: now)
        endEnrolment(at: now)
    }

    /// All that the account has stays: backup codes, devices, and the other authenticators.
    fileprivate func adding(
        _ pending: Pending, used steps: UsedSteps, at now: Instant
    ) -> Outcome {
        // An import may have filled it meanwhile.
        guard !isFullOfAuthenticators else { return .refused(.tooManyAuthenticators, self) }
        var account = self
        let id = account.add(
            pending.secret, pending.parameters, at: now, madeAfter: pending.madeAfter,
            name: pending.name, used: steps)
        account.guard.history.note(.authenticatorAdded, by: .confirm, at: now, of: id)
        account.endEnrolment(at: now)
        return .accepted(.added(id), account)
    }

    private mutating func endEnrolment(at now: Instant) {
        pending = nil
        self.guard.totp.rebind(at: now)
        self.guard.backup.rebind(at: now)
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
