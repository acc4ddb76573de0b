// What a backup holds.

package struct BackupReport: Equatable, Sendable {
    package let accounts: Int
    package let events: Int
    package let bytes: Int

    package init(accounts: Int, events: Int, bytes: Int) {
        (self.accounts, self.events, self.bytes) = (accounts, events, bytes)
    }
}
