// One of the two pages that LMDB's file begins with (MDB_meta of its mdb.c). LMDB believes what it
// says of sizes and roots, so what LMDB has not written is no such page.

import CLMDB

struct MetaPage {
    private static let magic: UInt32 = 0xBEEF_C0DE
    private static let version: UInt32 = 1
    /// How much longer the file may be said to be than it is: pages at its end may never have been
    /// written.
    private static let unwrittenPages: UInt64 = 1 << 16

    /// Where the record of the free pages is.
    static let freeOffset = 40

    let pageBytes: Int
    let free: TableRecord
    let main: TableRecord
    let lastPage: UInt64
    let transaction: UInt64

    /// Nil for what LMDB has not written.
    init?(_ start: UnsafeRawPointer, number: UInt64, pageBytes: Int, fileBytes: Int) {
        guard start.loadUnaligned(as: UInt64.self) == number,
            start.loadUnaligned(fromByteOffset: 10, as: UInt16.self) == Page.meta,
            start.loadUnaligned(fromByteOffset: 16, as: UInt32.self) == Self.magic,
            start.loadUnaligned(fromByteOffset: 20, as: UInt32.self) == Self.version
        else { return nil }
        lastPage = start.loadUnaligned(fromByteOffset: 136, as: UInt64.self)
        transaction = start.loadUnaligned(fromByteOffset: 144, as: UInt64.self)
        let filePages = UInt64(fileBytes / pageBytes)
        guard lastPage >= 1, lastPage < filePages + Self.unwrittenPages,
            transaction < UInt64.max / 2,
            // Each is written to the page of its parity; a new file has twice none.
            transaction % 2 == number || transaction == 0,
            let free = TableRecord(
                start + Self.freeOffset, pad: UInt32(pageBytes), flags: UInt16(MDB_INTEGERKEY),
                limit: lastPage + 1),
            let main = TableRecord(start + 88, pad: 0, flags: 0, limit: lastPage + 1)
        else { return nil }
        (self.pageBytes, self.free, self.main) = (pageBytes, free, main)
    }
}
