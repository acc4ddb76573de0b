// How the journal names a user; who may read the journal need not know.

package enum JournalUsers: String, CaseIterable, Equatable, Sendable {
    /// Not at all.
    case none
    /// By the account's name in the store: the same user has the same one, and it says no more.
    case hash
    /// As the app names the user. With it goes the admin's reason, which may name people too.
    case name
}
