// A line of the history, as a person may read it.

package struct HistoryLine: Equatable, Sendable {
    package let entry: HistoryEntry
    /// What the authenticator is called that the entry is about, if that is still there.
    package let authenticatorName: String?

    init(_ entry: HistoryEntry, of account: Account) {
        self.entry = entry
        // An older one may have had the same id.
        authenticatorName =
            account.authenticators.first {
                $0.id == entry.authenticator && $0.enrolledAt.seconds <= entry.at.seconds
            }?.name
    }
}
