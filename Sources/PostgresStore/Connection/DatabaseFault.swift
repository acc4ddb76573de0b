// Why the database did not do what was asked, and what is known of what it did.

package enum DatabaseFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// libpq is not there: there will be no connection before it is installed.
    case noLibrary(String)
    /// No connection came about. Nothing was asked.
    case unreachable(String)
    /// The connection has ended, or the deadline passed, with statements under way: each of them
    /// may have been done. The connection is of no more use.
    case lost(String)
    /// The server refused a statement. It ran none of those behind it, and undoes the transaction.
    case refused(SQLState, String)
    /// The server answered what no such statement is answered.
    case unexpected(String)

    package var description: String {
        switch self {
        case .noLibrary(let cause): return cause
        case .unreachable(let cause): return "there is no connection (\(cause))"
        case .lost(let cause): return "the connection was lost (\(cause))"
        case .refused(let state, let cause): return "\(cause) (SQLSTATE \(state.rawValue))"
        case .unexpected(let what): return "the database answered in another way: \(what)"
        }
    }
}
