// What LMDB keeps of a table (MDB_db): its root, and how many pages and records it has. What cannot
// be is no record.

struct TableRecord {
    static let bytes = 48
    /// No page.
    static let noRoot = UInt64.max
    private static let depthMax = 32

    /// Behind what a table keeps for ever.
    static let depthOffset = 6
    static let entriesOffset = 32
    /// Of a table without records, from there on.
    static let bytesOfEmpty =
        [UInt8](repeating: 0, count: bytes - depthOffset - MemoryLayout<UInt64>.size)
        + [UInt8](repeating: 0xFF, count: MemoryLayout<UInt64>.size)

    let depth: Int
    let branchPages: UInt64
    let leafPages: UInt64
    let overflowPages: UInt64
    let entries: UInt64
    let root: UInt64

    /// Nil for what cannot be.
    ///
    /// - Parameters:
    ///   - pad: what the first field has, which tables do not use.
    ///   - limit: how many pages there are.
    init?(_ start: UnsafeRawPointer, pad: UInt32, flags: UInt16, limit: UInt64) {
        func number(_ offset: Int) -> UInt64 {
            start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
        depth = Int(start.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
        (branchPages, leafPages, overflowPages) = (number(8), number(16), number(24))
        (entries, root) = (number(32), number(40))
        guard start.loadUnaligned(as: UInt32.self) == pad,
            start.loadUnaligned(fromByteOffset: 4, as: UInt16.self) == flags,
            branchPages < limit, leafPages < limit, overflowPages < limit,
            // A page holds some hundred of the smallest records at most.
            entries < UInt64(Int32.max) * 4096, depth <= Self.depthMax
        else { return nil }
        // An empty table has no root, and no other has none.
        if root == Self.noRoot {
            guard depth == 0, entries == 0 else { return nil }
        } else {
            guard depth > 0, entries > 0, root >= 2, root < limit else { return nil }
        }
    }

    var pages: Int { Int(branchPages + leafPages + overflowPages) }
}
