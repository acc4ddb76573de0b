// A request on a limit of an app's own.

import Accounts

package final class LimitChange: Sendable {
    package let address: LimitAddress
    package let limit: Limit
    package let now: Instant
    /// Of the app whose limit it is.
    package let policy: AppPolicy

    package init(address: LimitAddress, limit: Limit, now: Instant, under policy: AppPolicy) {
        self.address = address
        self.limit = limit
        self.now = now
        self.policy = policy
    }

    package func decide(_ bucket: LimitBucket) -> LimitOutcome {
        limit.decide(bucket, address.tag, at: now, under: policy)
    }

    /// Whether a bucket that cannot be opened is replaced by an empty one: as `reset` replaces an
    /// account, it is the way out, and what is forgotten with it is a few counts of the same app.
    package var replacesUnreadable: Bool { limit.action == .reset }
}
