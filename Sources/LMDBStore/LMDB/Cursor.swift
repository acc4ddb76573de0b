// Changes a table at many places, about in the order of its keys: whatever goes to the page where
// the one before it went is not looked for from the root. It must be gone before its transaction
// ends.

import CLMDB

struct Cursor: ~Copyable {
    private let cursor: OpaquePointer
    private let table: Table?
    private let writing: WriteGuard?

    init(_ cursor: OpaquePointer, _ table: Table?, _ writing: WriteGuard?) {
        (self.cursor, self.table, self.writing) = (cursor, table, writing)
    }

    deinit { mdb_cursor_close(cursor) }

    func put(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(LMDBFault) {
        try writing?.look(for: key, in: table)
        var (key, value) = (MDB_val(key), MDB_val(value))
        try check(mdb_cursor_put(cursor, &key, &value, 0))
    }

    /// The key need not be there.
    func delete(_ key: UnsafeRawBufferPointer) throws(LMDBFault) {
        try writing?.lookAround(key, in: table)
        var (key, value) = (MDB_val(key), MDB_val())
        let code = mdb_cursor_get(cursor, &key, &value, MDB_SET)
        guard code != MDB_NOTFOUND else { return }
        try check(code)
        try check(mdb_cursor_del(cursor, 0))
    }
}
