// libpq, found when the first connection is made and kept from then on. A process without a
// database has none of it.

import CPostgres

enum Library {
    /// Debian's libpq5, from PostgreSQL 14 on.
    static let name = "libpq.so.5"

    static let found = find(name)

    static func find(_ name: String) -> Result<libpq, DatabaseFault> {
        withUnsafeTemporaryAllocation(of: libpq.self, capacity: 1) { library in
            guard let place = library.baseAddress else {
                preconditionFailure("room for one has an address")
            }
            guard let missing = libpq_find(place, name) else { return .success(place.pointee) }
            let what = String(cString: missing)
            return .failure(
                .noLibrary(
                    what == name
                        ? "\(name) is not there: install libpq5"
                        : "\(name) has no \(what): PostgreSQL's libpq 14 or later is needed"))
        }
    }
}
