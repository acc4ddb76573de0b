// A page of apps, as an admin reads it: what each has, and what it asked since the start.

import Accounts

package struct AppsPage: Sendable {
    package struct Row: Sendable {
        package let app: AppName
        package let accounts: Int
        /// Of `limit`.
        package let limitKeys: Int
        package let connections: Int
        /// Since the start.
        package let requests: Int

        package init(
            app: AppName, accounts: Int, limitKeys: Int, connections: Int, requests: Int
        ) {
            (self.app, self.accounts, self.limitKeys) = (app, accounts, limitKeys)
            (self.connections, self.requests) = (connections, requests)
        }
    }

    package let rows: [Row]
    /// The app to go on behind; nil at the end.
    package let cursor: AppName?
    package let limitKeys: Figures.LimitKeys

    package init(rows: [Row], cursor: AppName?, limitKeys: Figures.LimitKeys) {
        (self.rows, self.cursor, self.limitKeys) = (rows, cursor, limitKeys)
    }
}
