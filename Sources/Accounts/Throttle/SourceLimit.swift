// Counts failures by source, over all accounts of an app. It is decided together with the account,
// on top of the account's budget. A spent source does not learn whether a code was right.

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
        SourceLimit(tag: tag, bucket: .spent(until: now + policy.source.per, since: now))
    }

    private func level(at now: Instant, under policy: AppPolicy) -> LimitLevel {
        LimitLevel(bucket.state(of: tag), under: policy.source.rule, at: now)
    }

    /// How long until one more failure could be charged; nil when it can. A source that could not
    /// be counted waits too: a guess that nobody counts is one too many.
    func wait(at now: Instant, under policy: AppPolicy) -> Duration? {
        level(at: now, under: policy).wait(for: 1) ?? bucket.waitForRoom(tag, at: now)
    }

    /// Decides an operation that takes a code, and charges its source for a wrong one.
    package func decide(
        _ operation: any Operation, _ account: Account, at now: Instant, under policy: AppPolicy,
        with prepared: Prepared
    ) -> (Outcome, SourceLimit) {
        var source = self
        source.bucket = bucket.settled(at: now, atMost: policy.source.per)
        let wait = source.wait(at: now, under: policy)
        if let wait, !operation.isAnswered(in: account, at: now) {
            let refusal = Refusal(.throttled, retryAfter: wait, spent: .source)
            return (Outcome(account, .refused(refusal)), source)
        }
        let outcome = operation.decideAsOfNow(account, at: now, under: policy, with: prepared)
        // An answer given once more is no event, and was charged when it was given first.
        guard outcome.isEvent, case .refused(let refusal) = outcome.answer,
            refusal.name == .wrongCode
        else { return (outcome, source) }
        let spent = source.level(at: now, under: policy).spending(1)
        guard wait == nil, let charged = source.bucket.with(spent, of: tag, at: now) else {
            // Remembered, and yet compared: what cannot be charged was never compared.
            let refusal = Refusal(
                .throttled, retryAfter: wait ?? policy.source.per, spent: .source)
            return (Outcome(account, .refused(refusal)), source)
        }
        source.bucket = charged
        return (outcome, source)
    }
}

extension SourcePolicy {
    package var rule: LimitPolicy { LimitPolicy(max: max, per: per) }
}
