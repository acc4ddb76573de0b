// One request to the store: which account or limit, and the pure function that decides; or an event
// that is about neither. It carries no effect: an engine may run it more than once.

import Accounts

package enum Change: Sendable {
    case account(AccountChange)
    case limit(LimitChange)
    case event(EventChange)
}

/// A class, because it goes from hand to hand on two threads: a copy costs one count.
package final class AccountChange: Sendable {
    package let name: AccountName
    /// The key of the records it touches.
    package let id: RecordID
    package let operation: any Operation
    /// When the request was taken up.
    package let now: Instant
    /// Of the account's app.
    package let policy: AppPolicy
    package let prepared: Prepared
    package let label: EventLabel
    /// What is charged beside the account, when the request says where its code comes from.
    package let source: LimitAddress?
    /// Whether an account whose records cannot be opened is replaced by what `Reset` knows of it.
    /// Only `reset` sets it: it is the way out for the person behind a damaged record.
    package let replacesUnreadable: Bool
    /// Whether an event of it may be left out once its app's budget is spent. What an admin asks
    /// is always kept.
    package let mayOmitEvent: Bool

    package init(
        name: AccountName, id: RecordID, operation: any Operation, now: Instant,
        under policy: AppPolicy, prepared: Prepared = .nothing, label: EventLabel,
        source: LimitAddress? = nil, replacesUnreadable: Bool = false, mayOmitEvent: Bool = false
    ) {
        self.name = name
        self.id = id
        self.operation = operation
        self.now = now
        self.policy = policy
        self.prepared = prepared
        self.label = label
        self.source = source
        self.replacesUnreadable = replacesUnreadable
        self.mayOmitEvent = mayOmitEvent
    }

    package func decide(_ account: Account) -> Outcome {
        operation.decideAsOfNow(account, at: now, under: policy, with: prepared)
    }

    /// The same, together with what the request's source has spent.
    package func decide(_ account: Account, _ source: SourceLimit) -> (Outcome, SourceLimit) {
        source.decide(operation, account, at: now, under: policy, with: prepared)
    }
}

/// A request on a limit of an app's own.
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

/// An event about no single account: what an admin asked of a whole app or of totpd, or what totpd
/// found of itself. Nothing is decided. It is kept before what it tells of is done.
package final class EventChange: Sendable {
    /// Nil for what is about all of totpd.
    package let app: AppName?
    package let now: Instant
    package let label: EventLabel
    package let stage: WorkStage
    package let alert: Alert?

    package init(
        of app: AppName?, now: Instant, label: EventLabel, stage: WorkStage = .asked,
        alert: Alert? = nil
    ) {
        (self.app, self.now, self.label) = (app, now, label)
        (self.stage, self.alert) = (stage, alert)
    }
}
