// How many accounts one app has.

import Accounts

package struct AccountCount: Equatable, Sendable {
    package let name: AppName
    /// Accounts that have a factor or wait, perhaps in vain, for its first code, and those that
    /// wrong codes have left.
    package let accounts: Int

    package init(name: AppName, accounts: Int) {
        (self.name, self.accounts) = (name, accounts)
    }
}
