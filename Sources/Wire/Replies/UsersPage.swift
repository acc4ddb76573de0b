// A page of one app's users, as an admin reads it.

import Accounts

package struct UsersPage: Sendable {
    package struct Row: Sendable {
        package let user: String
        package let status: AccountStatus

        package init(user: String, status: AccountStatus) {
            self.user = user
            self.status = status
        }
    }

    package let rows: [Row]
    /// The account to go on behind, as the store names it; nil at the end.
    package let cursor: String?
    /// Accounts whose records do not open: of whom is not known.
    package let unreadable: Int

    package init(rows: [Row], cursor: String?, unreadable: Int) {
        self.rows = rows
        self.cursor = cursor
        self.unreadable = unreadable
    }
}
