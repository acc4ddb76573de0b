// Accounts in the order of their keys.

import Accounts

package struct AccountSlice: Sendable {
    package enum Entry: Sendable {
        case account(RecordID, Account)
        case unreadable(RecordID, RecordFault)
    }

    package var entries: [Entry] = []
    /// All up to this key were looked at; nil when there are no more.
    package var end: RecordID?

    package init() {}
}
