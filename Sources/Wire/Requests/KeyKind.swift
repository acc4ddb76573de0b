// Which keys an admin replaces.

package enum KeyKind: String, CaseIterable, Sendable {
    /// Of the key file; wraps the others.
    case master
    /// Of the store; seals its records.
    case record
}
