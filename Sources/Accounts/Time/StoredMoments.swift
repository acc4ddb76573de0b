// What becomes of stored moments when the clock was ahead and is set back: one rule for all of
// them.
//
// The rule: what happened ahead of now is taken as having happened now, and what follows from it
// (the end of a wait, a count that drains, the end of an enrolment) moves by as much. So a wait is
// cut to its own length from now, however far the clock was ahead, and never to less: setting the
// clock back gives nobody a try. It is kept so with whatever is decided, a look included, so that
// the next look finds it older, and every `retry_after` is true.
//
// Used steps do not move. A code was used, whatever the clock said: see `clock_behind`.

extension Operation {
    /// The decision on an account as the clock is now. No store may ask for any other.
    package func decideAsOfNow(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        // Nearly always: then nothing is copied.
        guard account.isAhead(of: now, under: policy.throttle) else {
            return decide(account, at: now, under: policy, with: prepared)
        }
        var settled = account
        settled.settle(at: now, under: policy)
        return decide(settled, at: now, under: policy, with: prepared)
    }
}

extension Account {
    /// Whether anything of it happened later than now.
    package func isAhead(of now: Instant, under policy: ThrottlePolicy) -> Bool {
        self.guard.isAhead(of: now, under: policy) || pending?.isAhead(of: now) ?? false
            || devices.contains { $0.isAhead(of: now) }
    }

    package mutating func settle(at now: Instant, under policy: AppPolicy) {
        self.guard.settle(at: now, under: policy.throttle)
        if let pending, pending.isAhead(of: now) {
            self.pending?.expiresAt = now + Policy.pendingLifetime
        }
        for index in devices.indices where devices[index].isAhead(of: now) {
            devices[index].createdAt = min(devices[index].createdAt, now)
            devices[index].usedAt = min(devices[index].usedAt, now)
        }
    }
}

extension Account {
    /// Whether it has no factor, and an enrolment that was begun while the clock was ahead.
    package func isBegunAhead(of now: Instant) -> Bool {
        factor == nil && pending?.isAhead(of: now) ?? false
    }
}

extension Pending {
    fileprivate func isAhead(of now: Instant) -> Bool {
        expiresAt - now > Policy.pendingLifetime
    }
}

extension Device {
    fileprivate func isAhead(of now: Instant) -> Bool { createdAt > now || usedAt > now }
}

extension Guard {
    fileprivate func isAhead(of now: Instant, under policy: ThrottlePolicy) -> Bool {
        totp.isAhead(of: now, under: policy) || backup.isAhead(of: now, under: policy)
            || deviceFailures.isAhead(of: now) || attempts.contains { $0.isAhead(of: now) }
            || browsers.contains { $0.isAhead(of: now, under: policy) }
    }

    package mutating func settle(at now: Instant, under policy: ThrottlePolicy) {
        totp.settle(at: now, under: policy)
        backup.settle(at: now, under: policy)
        deviceFailures.settle(at: now)
        // An answer that is kept is a yes that may be given again. So this one moves nowhere: it is
        // given for 90 s before and after by the clock, and does not come back when the clock does.
        attempts.removeAll { $0.isAhead(of: now) }
        for index in browsers.indices { browsers[index].settle(at: now, under: policy) }
    }
}

extension KnownBrowser {
    fileprivate func isAhead(of now: Instant, under policy: ThrottlePolicy) -> Bool {
        createdAt > now || waitsUntil - now > wait(under: policy)
    }

    fileprivate mutating func settle(at now: Instant, under policy: ThrottlePolicy) {
        createdAt = min(createdAt, now)
        waitsUntil = min(waitsUntil, now + wait(under: policy))
    }
}

extension RememberedAttempt {
    fileprivate func isAhead(of now: Instant) -> Bool {
        decidedAt - now >= Policy.attemptLifetime
    }
}

extension Throttle {
    /// When it changed last; nil where nobody knows: it never did, or an older version has
    /// forgotten it with a success.
    private func changedAt(under policy: ThrottlePolicy) -> Instant? {
        guard waitsUntil != .distantPast else { return nil }
        // With a success.
        guard consecutiveFailures > 0 else { return waitsUntil }
        let wait = Self.wait(after: consecutiveFailures, under: policy)
        let longest = max(wait, Policy.longCountWait)
        let isLong = longCount.isOver(at: waitsUntil - longest)
        return waitsUntil - (isLong ? longest : wait)
    }

    fileprivate func isAhead(of now: Instant, under policy: ThrottlePolicy) -> Bool {
        longCount.isAhead(of: now)
            || waitsUntil > now && changedAt(under: policy).map { $0 > now } ?? false
    }

    package mutating func settle(at now: Instant, under policy: ThrottlePolicy) {
        if let changedAt = changedAt(under: policy), changedAt > now {
            waitsUntil = waitsUntil - (changedAt - now)
            longCount.emptyAt = max(longCount.emptyAt - (changedAt - now), .distantPast)
        }
        longCount.settle(at: now)
    }
}

extension Bucket {
    fileprivate func isAhead(of now: Instant) -> Bool { emptyAt - now > Policy.longCountPeriod }

    /// As full as it can be, where nobody knows when it was filled.
    fileprivate mutating func settle(at now: Instant) {
        emptyAt = min(emptyAt, now + Policy.longCountPeriod)
    }
}

extension DeviceFailures {
    fileprivate func isAhead(of now: Instant) -> Bool { emptyAt - now > Self.period }

    mutating func settle(at now: Instant) { emptyAt = min(emptyAt, now + Self.period) }
}

extension LimitBucket {
    /// - Parameter longest: until all that may be spent of any of its keys has come back.
    func settled(at now: Instant, atMost longest: Duration) -> LimitBucket {
        guard entries.contains(where: { $0.state.isAhead(of: now, longest) }) else { return self }
        return replacingStates { $0.settled(at: now, atMost: longest) }
    }
}

extension LimitState {
    fileprivate func isAhead(of now: Instant, _ longest: Duration) -> Bool {
        spentAt.map { $0 > now } ?? false || emptyAt - now > longest
    }

    func settled(at now: Instant, atMost longest: Duration) -> LimitState {
        var settled = self
        if let spentAt, spentAt > now { settled.move(by: now - spentAt) }
        // An older version did not say when it was spent; or a longer rule was before this one.
        if settled.emptyAt - now > longest { settled.end(at: now + longest, spentAt: now) }
        return settled
    }
}
