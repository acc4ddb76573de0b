// The way from a store under test to what lies of it on the disk.

import StoreHarness
import Testing

extension Subject {
    /// Closes the store and lends what lies on the disk. A process may open LMDB's file only once.
    func inside<Result>(_ body: (Inside) throws -> Result) throws -> Result {
        close()
        let inside = try Inside(path: path, ring: ring)
        defer { inside.close() }
        return try body(inside)
    }
}
