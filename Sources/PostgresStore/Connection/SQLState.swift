// The five letters by which PostgreSQL, and what speaks its protocol, names an error (its manual,
// appendix A). The words beside them are in the server's language and not to be relied upon.

package struct SQLState: Equatable, Sendable {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }

    /// Two transactions could not both be done.
    static let serializationFailure = SQLState("40001")
    static let deadlock = SQLState("40P01")
    /// `lock_timeout` has passed.
    static let lockNotAvailable = SQLState("55P03")
    static let notNullViolation = SQLState("23502")
    static let uniqueViolation = SQLState("23505")
    /// The server itself does not know whether it has committed.
    static let completionUnknown = SQLState("40003")
    static let noSuchTable = SQLState("42P01")
    static let tableExists = SQLState("42P07")
}
