// `resync`: an authenticator whose clock has fallen too far behind shows two codes in a row, and is
// followed from then on. They are charged as one code is, and used up.

import OneTimeCodes

package struct Resync: Operation {
    package let code: TOTPCode
    /// Of the step behind.
    package let next: TOTPCode
    package let attempt: AttemptTag?

    package init(code: TOTPCode, next: TOTPCode, attempt: AttemptTag? = nil) {
        self.code = code
        self.next = next
        self.attempt = attempt
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard policy.driftMax > 0 else {
            let detail = "this app follows no clock: drift_max is 0"
            return Outcome(account, .refused(Refusal(.badRequest, field: "next", detail: detail)))
        }
        let recalled = account.recall(
            attempt, for: .totp(code), at: now, under: policy.throttle)
        switch recalled {
        case .nothing:
            return resync(account, at: now, under: policy).remembered(attempt, as: .done, at: now)
        case .again(let outcome): return outcome
        case .lost: return account.mistakenAttempt
        }
    }

    private func resync(
        _ account: Account, at now: Instant, under policy: AppPolicy
    ) -> Outcome {
        guard account.factor != nil else { return .refused(policy.nameOfNoFactor, account) }
        if let refusal = account.refusal(of: .strangers, .totp, at: now) {
            return Outcome(account, refusal)
        }
        if let wait = account.waitForClock(at: now) {
            return .refused(.clockBehind, account, retryAfter: wait)
        }
        var charged = account
        charged.guard.totp.charge(at: now, under: policy.throttle)

        let steps = account.ofEach { factor, _ in step(of: factor, at: now, policy.driftMax) }
        guard let place = steps.lastIndex(where: { $0 != nil }), let step = steps[place] else {
            return .wrongCode(charged, since: account.guard.totp, .totp, for: .resync, at: now)
        }
        let factor = account.authenticators[place]
        let began = Instant(seconds: step * Int64(factor.parameters.period))
        guard began > account.newestUsedStepBegan(factor, at: place) else {
            // Both are used, or the second alone is not: nothing is learnt from what is used.
            let wait = account.waitForCode(
                factor, place: place, at: now, under: policy.throttle)
            return .refused(.replayed, account, retryAfter: wait)
        }
        var resynced = account
        resynced.useUp(code, at: now)
        resynced.useUp(next, at: now)
        resynced.follow(step + 1, of: factor, at: place, now, within: policy.driftMax)
        resynced.guard.totp.succeed(at: now)
        return .accepted(.done, resynced)
    }

    /// The step of the first code. None is ahead of the window of an authenticator that is right.
    private func step(of factor: Factor, at now: Instant, _ driftMax: Int8) -> Int64? {
        let clock = TOTP.step(at: now.seconds, period: factor.parameters.period)
        let count = Int(driftMax) + Policy.windowSteps
        return TOTP.newestMatch(
            of: code, then: next, secret: factor.secret, parameters: factor.parameters,
            from: clock - Int64(driftMax) - 1, count: count + 1)
    }
}

extension Account {
    /// From now on the window is around the step that the authenticator shows.
    fileprivate mutating func follow(
        _ step: Int64, of factor: Factor, at place: Int, _ now: Instant, within max: Int8
    ) {
        let drift = factor.parameters.drift(of: step, at: now)
        let offset = Swift.min(Swift.max(drift, -max), 0)
        var steps = UsedSteps(
            lastStepBegan: Instant(seconds: step * Int64(factor.parameters.period)),
            offset: offset)
        steps.drifts.note(drift - offset)
        setUsedSteps(steps, at: place)
    }
}
