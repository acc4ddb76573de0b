// A page of apps, as an admin reads it: what each has, and what it asked since the start.

import Accounts

package struct AppsPage: Sendable {
    package struct Row: Sendable {
        package let app: AppName
        package let accounts: Int
        package let connections: Int
        /// Since the start.
        package let requests: Int

        package init(app: AppName, accounts: Int, connections: Int, requests: Int) {
            (self.app, self.accounts) = (app, accounts)
            (self.connections, self.requests) = (connections, requests)
        }
    }

    package let rows: [Row]
    /// The app to go on behind; nil at the end.
    package let cursor: AppName?

    package init(rows: [Row], cursor: AppName?) {
        (self.rows, self.cursor) = (rows, cursor)
    }
}
