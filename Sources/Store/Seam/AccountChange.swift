// A request on one account, with all that its decision needs. A class, because it goes from hand
// to hand on two threads: a copy costs one count.

import Accounts

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
    /// The account's new name, when it is renamed: whose records come to be in the same step. Its
    /// operation is the same.
    package let target: AccountChange?

    package init(
        name: AccountName, id: RecordID, operation: any Operation, now: Instant,
        under policy: AppPolicy, prepared: Prepared = .nothing, label: EventLabel,
        source: LimitAddress? = nil, replacesUnreadable: Bool = false, mayOmitEvent: Bool = false,
        target: AccountChange? = nil
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
        self.target = target
    }

    /// - Parameter id: of the new name.
    package init(
        renaming name: AccountName, _ oldID: RecordID, by rename: Rename, _ id: RecordID,
        now: Instant, under policy: AppPolicy, _ newPolicy: AppPolicy, label: EventLabel
    ) {
        (self.name, self.id, self.now, self.policy) = (name, oldID, now, policy)
        operation = rename
        (prepared, source) = (.nothing, nil)
        (replacesUnreadable, mayOmitEvent) = (false, false)
        self.label = label
        target = AccountChange(
            name: rename.name, id: id, operation: rename, now: now, under: newPolicy, label: label)
    }

    /// The same once more, with slow work done.
    package func again(at now: Instant, with prepared: Prepared) -> AccountChange {
        AccountChange(
            name: name, id: id, operation: operation, now: now, under: policy, prepared: prepared,
            label: label, source: source, replacesUnreadable: replacesUnreadable,
            mayOmitEvent: mayOmitEvent, target: target)
    }

    /// - Parameter target: what there is of the new name.
    /// - Returns: the decision, and what there is of the new name afterwards.
    package func decide(_ account: Account, onto target: Account) -> (Outcome, Account) {
        guard let rename = operation as? Rename else {
            preconditionFailure("nothing but a rename is about two names")
        }
        return rename.decide(account, onto: target, at: now)
    }

    package func decide(_ account: Account) -> Outcome {
        operation.decideAsOfNow(account, at: now, under: policy, with: prepared)
    }

    /// The same, together with what the request's source has spent.
    package func decide(_ account: Account, _ source: SourceLimit) -> (Outcome, SourceLimit) {
        source.decide(operation, account, at: now, under: policy, with: prepared)
    }
}
