// One request to the store: which account, and the pure function that decides. It must never carry
// an effect: an engine may run it more than once.

import Accounts

/// A class, because it goes from hand to hand on two threads: a copy costs one count.
package final class Change: Sendable {
    package let name: AccountName
    /// The key of the records it touches.
    package let id: AccountID
    package let operation: any Operation
    /// When the request was taken up.
    package let now: Instant
    /// Of the account's app.
    package let policy: AppPolicy
    package let prepared: Prepared
    package let label: EventLabel
    /// Whether an account whose records cannot be opened is replaced by what `Reset` knows of it.
    /// Only `reset` sets it: it is the way out for the person behind a damaged record.
    package let replacesUnreadable: Bool

    package init(
        name: AccountName, id: AccountID, operation: any Operation, now: Instant,
        under policy: AppPolicy, prepared: Prepared = .nothing, label: EventLabel,
        replacesUnreadable: Bool = false
    ) {
        self.name = name
        self.id = id
        self.operation = operation
        self.now = now
        self.policy = policy
        self.prepared = prepared
        self.label = label
        self.replacesUnreadable = replacesUnreadable
    }

    package func decide(_ account: Account) -> Outcome {
        operation.decide(account, at: now, under: policy, with: prepared)
    }
}

/// What one change came to, when its batch was kept.
package enum ChangeResult: Sendable {
    case decided(Outcome)
    /// This account's records do not open; the other changes of the batch are not concerned.
    case unreadable(RecordFault)
}

/// Why an account's records cannot be used.
package enum RecordFault: Error, Equatable, Sendable {
    /// They did not authenticate: damaged, moved from elsewhere, or sealed under a key that is
    /// gone.
    case doesNotOpen
    /// Written by a newer version.
    case unknownFormat(UInt8)
    /// They opened, but say something that cannot be.
    case malformed
    /// One of the two records is there, and the other is not.
    case incomplete
}
