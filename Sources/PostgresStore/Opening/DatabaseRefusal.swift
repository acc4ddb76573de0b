// Why a store in a database does not open.

import Secrets

package enum DatabaseRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    case database(DatabaseFault)
    /// The tables are not there, or are empty.
    case noStore
    /// There is one already.
    case storeExists
    case format(Int64)
    case keys(WrappingFault)
    /// The row of this host's lane does not open, or is another's.
    case lane(String)
    /// What this host remembers of its lane cannot be read.
    case memory(String)
    /// The database has less than it has acknowledged to this host.
    case wentBack(String)

    package var description: String {
        switch self {
        case .database(let fault): return fault.description
        case .noStore: return "the database has no store of totpd's"
        case .storeExists: return "the database has a store of totpd's already"
        case .format(let format):
            return "the store has format \(format), and this version knows none above "
                + "\(Schema.format)"
        case .keys(let fault): return fault.description
        case .memory(let cause): return "what this host remembers of the store: \(cause)"
        case .wentBack(let cause): return "the database has gone back: \(cause)"
        case .lane(let cause): return "this host's place among those that write: \(cause)"
        }
    }
}
