// What an import would do to the account, as a dry run is told. The raw value is part of the
// protocol.

package enum ImportEffect: String, Equatable, Sendable {
    /// There is no factor yet.
    case enroll
    /// Another factor goes, and the backup codes with it.
    case replace
    /// One more authenticator comes beside those that are there.
    case add
    /// That very factor is there: nothing is taken away.
    case keep
}
