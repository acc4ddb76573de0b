// What a backup holds, as an admin reads it.

package struct BackupResult: Sendable {
    package let accounts: Int
    package let events: Int
    package let bytes: Int

    package init(accounts: Int, events: Int, bytes: Int) {
        self.accounts = accounts
        self.events = events
        self.bytes = bytes
    }
}
