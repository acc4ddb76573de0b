// What a request on one account came to. Without the account, whose secrets do not leave the
// store.

import Accounts

package enum AccountResult: Sendable {
    /// With the alert that its event carries, if any.
    case decided(Answer, Alert?)
    /// This account's records do not open; the other changes of the batch are not concerned.
    case unreadable(RecordFault)
    /// The record does not open that has what its source has spent: nothing was decided.
    case unreadableSource(RecordFault)
}
