// `limit`: may this happen once more? A pure function of a bucket, like the operations of an
// account. What it refuses is not spent, and so is a key that there is no room to count.

package struct Limit: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        case spend(Int)
        /// Answers as `spend` would, and spends nothing.
        case peek(Int)
        /// Nothing is spent of this key any more.
        case reset
    }

    package enum Rule: Equatable, Sendable {
        case given(LimitPolicy)
        /// Of the app's configuration.
        case named(String)
    }

    package let action: Action
    package let rule: Rule

    package init(_ action: Action, under rule: Rule) {
        (self.action, self.rule) = (action, rule)
    }

    package func decide(
        _ bucket: LimitBucket, _ tag: UInt64, at now: Instant, under policy: AppPolicy
    ) -> LimitOutcome {
        let given: LimitPolicy
        switch rule {
        case .given(let rule): given = rule
        case .named(let name):
            guard let rule = policy.limits[name] else {
                return .refused(bucket, "name", "the configuration has no such limit")
            }
            given = rule
        }
        // Of other keys no rule is known here.
        var bucket = bucket.settled(at: now, atMost: Policy.limitPerMax)
        let level = LimitLevel(bucket.state(of: tag), under: given, at: now)
        // What is refused is kept as well, as it was measured: or the same wait would begin anew.
        if level.isMoved { bucket = bucket.with(level.spending(0), of: tag, at: now) ?? bucket }
        switch action {
        case .reset:
            let empty = LimitLevel(nil, under: given, at: now).status
            let isThere = bucket.state(of: tag) != nil
            let new = isThere ? bucket.without(tag, at: now) : bucket
            return LimitOutcome(bucket: new, answer: .success(empty))
        case .peek(let cost):
            if let refusal = refusal(cost, level, given, bucket, tag, at: now) { return refusal }
            return LimitOutcome(bucket: bucket, answer: .success(level.status))
        case .spend(let cost):
            if let refusal = refusal(cost, level, given, bucket, tag, at: now) { return refusal }
            let spent = level.spending(cost)
            guard let new = bucket.with(spent, of: tag, at: now) else {
                return .refused(bucket, Refusal(.tooManyKeys, retryAfter: given.per))
            }
            let status = LimitLevel(spent, under: given, at: now).status
            return LimitOutcome(bucket: new, answer: .success(status))
        }
    }

    private func refusal(
        _ cost: Int, _ level: LimitLevel, _ rule: LimitPolicy, _ bucket: LimitBucket,
        _ tag: UInt64, at now: Instant
    ) -> LimitOutcome? {
        guard cost <= rule.max else {
            return .refused(bucket, "cost", "more than the limit lets through at once")
        }
        if let wait = level.wait(for: cost) {
            return .refused(bucket, Refusal(.throttled, retryAfter: wait))
        }
        if let wait = bucket.waitForRoom(tag, at: now) {
            return .refused(bucket, Refusal(.tooManyKeys, retryAfter: wait))
        }
        return nil
    }
}
