// Which codes of an authenticator are accepted now, and how long it takes until one is.

import OneTimeCodes

extension Account {
    /// Until the clock has caught up with the newest used step; nil when that could have been
    /// accepted by now, in whatever period. Otherwise the clock has been set back since.
    func waitForClock(_ factor: Factor, place: Int = 0, at now: Instant) -> Duration? {
        let ahead = newestUsedStepBegan(factor, at: place) - now
        return ahead > Policy.stepAheadMax ? ahead : nil
    }

    /// Until it has caught up with the first of the authenticators; nil when it has.
    func waitForClock(at now: Instant) -> Duration? {
        guard let factor, var wait = waitForClock(factor, at: now) else { return nil }
        for (index, other) in others.enumerated() {
            guard let next = waitForClock(other, place: index + 1, at: now) else { return nil }
            wait = min(wait, next)
        }
        return wait
    }
}

extension Account {
    /// Whether one step is accepted of each authenticator, because somebody guesses.
    func acceptsOneStep(at now: Instant, under policy: ThrottlePolicy) -> Bool {
        self.guard.totp.longCount.level(at: now) >= policy.narrowFrom
    }

    /// Which one step: the drift of the authenticator's clock. Nil as long as nobody knows.
    ///
    /// Beside others, one in a drawer might never show it, and be three codes to a guesser for
    /// ever. So there what is known has to do: its owner has another way in.
    func driftOfOnlyStep(at place: Int) -> Int8? {
        guard !others.isEmpty else { return self.guard.drifts.ofAuthenticator }
        return usedSteps(at: place).drifts.largest ?? 0
    }

    /// The drift of the only step whose code is accepted now, because somebody guesses; nil while
    /// each step of the window is.
    func onlyDrift(at now: Instant, under policy: ThrottlePolicy, place: Int = 0) -> Int8? {
        acceptsOneStep(at: now, under: policy) ? driftOfOnlyStep(at: place) : nil
    }

    /// Until the authenticator shows a code of a step that is later than every used one, and that
    /// is accepted then.
    func waitForCode(
        _ factor: Factor, place: Int = 0, at now: Instant, under policy: ThrottlePolicy
    ) -> Duration {
        let used = newestUsedStepBegan(factor, at: place)
        let drift = offset(at: place) + (onlyDrift(at: now, under: policy, place: place) ?? 0)
        return factor.parameters.waitForStep(after: used, at: now, drift: drift)
    }
}

extension CodeParameters {
    /// Until the first step begins that is later than one that is used; zero when it has begun. The
    /// used one may be of another period.
    ///
    /// - Parameter drift: of the clock by which it begins, in steps.
    func waitForStep(after used: Instant, at now: Instant, drift: Int8 = 0) -> Duration {
        let next = TOTP.step(at: used.seconds, period: period) + 1 - Int64(drift)
        return max(Instant(seconds: next * Int64(period)) - now, .zero)
    }

    /// How far a step of the window is from its middle.
    func drift(of step: Int64, at now: Instant, offset: Int8 = 0) -> Int8 {
        Int8(step - TOTP.step(at: now.seconds, period: period) - Int64(offset))
    }
}
