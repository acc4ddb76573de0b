// Which keys a store is under, by their names.

import Secrets

package struct StoreKeyIDs: Equatable, Sendable {
    /// Wraps the data keys.
    package let master: KeyID
    /// Needed to open records, the newest first: that one seals.
    package let records: [KeyID]

    package init(master: KeyID, records: [KeyID]) {
        (self.master, self.records) = (master, records)
    }
}
