// What one change came to, when its batch was kept. Each kind of change has a result of its own, so
// that nobody has to handle an answer that cannot be.

import Accounts

package enum ChangeResult: Sendable {
    case account(AccountResult)
    case limit(LimitResult)
    /// There is nothing to say of an event but that it was kept.
    case event
}

/// Without the account, whose secrets do not leave the store.
package enum AccountResult: Sendable {
    /// With the alert that its event carries, if any.
    case decided(Answer, Alert?)
    /// This account's records do not open; the other changes of the batch are not concerned.
    case unreadable(RecordFault)
    /// The record does not open that has what its source has spent: nothing was decided.
    case unreadableSource(RecordFault)
}

package enum LimitResult: Sendable {
    case decided(Result<LimitStatus, Refusal>)
    /// The record does not open that has this limit's count.
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
