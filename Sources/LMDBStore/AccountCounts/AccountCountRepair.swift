// Counts the accounts of each app at a start, when a store has no numbers or wrong ones. This is
// done before anybody is answered, because an app with a wrong number could get more accounts than
// it may have.

import Accounts
import Secrets

/// What a start has counted.
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
