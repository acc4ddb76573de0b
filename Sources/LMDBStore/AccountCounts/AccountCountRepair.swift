// What a start has counted, because the store had no numbers of accounts, or wrong ones.

import Accounts
import Secrets

package struct AccountCountRepair: Equatable, Sendable, CustomStringConvertible {
    package let accounts: Int
    package let apps: Int
    /// Accounts whose records do not open: they count for no app.
    package let unreadable: Int

    package init(accounts: Int, apps: Int, unreadable: Int) {
        (self.accounts, self.apps, self.unreadable) = (accounts, apps, unreadable)
    }

    package var description: String {
        let found = "counted \(accounts) accounts of \(apps) apps"
        return unreadable == 0
            ? found : "\(found); \(unreadable) more do not open, and count for none"
    }
}
