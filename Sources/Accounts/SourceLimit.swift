// Failures by source, over all accounts of an app: decided together with the account, on top of its
// budget and never instead. A source that is spent must never learn whether a code was right.

/// Where a code came from, and what its source has spent.
package struct SourceLimit: Equatable, Sendable {
    package let tag: UInt64
    package var bucket: LimitBucket

    package init(tag: UInt64, bucket: LimitBucket) {
        (self.tag, self.bucket) = (tag, bucket)
    }

    /// What stands in for what cannot be read: a source that has spent all, at this moment.
    package static func replacement(
        tag: UInt64, at now: Instant, under policy: AppPolicy
    ) -> SourceLimit {
        SourceLimit(tag: tag, bucket: .spent(until: now + policy.source.per))
    }

    /// Decides an operation that takes a code, and charges its source for a wrong one.
    package func decide(
        _ operation: any Operation, _ account: Account, at now: Instant, under policy: AppPolicy,
        with prepared: Prepared
    ) -> (Outcome, SourceLimit) {
        let rule = policy.source.rule
        let level = LimitLevel(bucket.state(of: tag), under: rule, at: now)
        // A source that could not be charged waits too: a guess that nobody counts is none too few.
        let wait = level.wait(for: 1) ?? bucket.waitForRoom(tag, at: now)
        if let wait, !operation.isAnswered(in: account, at: now) {
            let refusal = Refusal(.throttled, retryAfter: wait, spent: .source)
            return (Outcome(account, .refused(refusal)), self)
        }
        let outcome = operation.decide(account, at: now, under: policy, with: prepared)
        // An answer given once more is no event, and was charged when it was given first.
        guard outcome.isEvent, case .refused(let refusal) = outcome.answer,
            refusal.name == .wrongCode
        else { return (outcome, self) }
        var charged = self
        charged.bucket = bucket.with(level.spending(1), of: tag, at: now)
        return (outcome, charged)
    }
}

extension SourcePolicy {
    package var rule: LimitPolicy { LimitPolicy(max: max, per: per) }
}
