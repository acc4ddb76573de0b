// Changes a table at many places, about in the order of its keys: whatever goes to the page where
// the one before it went is not looked for from the root. It must be gone before its transaction
// ends.

import CLMDB
import Secrets

struct Cursor: ~Copyable {
    private let cursor: OpaquePointer
    private let table: Table?
    private let writing: WriteGuard?
    private let change: SetChange?

    init(
        _ cursor: OpaquePointer, _ table: Table?, _ writing: WriteGuard?, _ change: SetChange?
    ) {
        (self.cursor, self.table, self.writing, self.change) = (cursor, table, writing, change)
    }

    deinit { mdb_cursor_close(cursor) }

    func put(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(LMDBFault) {
        try writing?.look(for: key, in: table)
        let old = isBound ? try find(key).map(SetChange.tag) : nil
        var (place, new) = (MDB_val(key), MDB_val(value))
        // LMDB finds what it was just asked for on the same page.
        try check(mdb_cursor_put(cursor, &place, &new, 0))
        note(from: old, to: SetChange.tag(value), at: key)
    }

    /// The key need not be there.
    func delete(_ key: UnsafeRawBufferPointer) throws(LMDBFault) {
        try writing?.lookAround(key, in: table)
        guard let old = try find(key).map(SetChange.tag) else { return }
        try check(mdb_cursor_del(cursor, 0))
        note(from: old, to: nil, at: key)
    }

    private func find(
        _ key: UnsafeRawBufferPointer
    ) throws(LMDBFault) -> UnsafeRawBufferPointer? {
        var (key, value) = (MDB_val(key), MDB_val())
        let code = mdb_cursor_get(cursor, &key, &value, MDB_SET)
        guard code != MDB_NOTFOUND else { return nil }
        try check(code)
        return value.bytes
    }

    private var isBound: Bool { change != nil && table?.isInSet ?? false }

    private func note(from old: SetHash?, to new: SetHash?, at key: UnsafeRawBufferPointer) {
        guard let change, let table, table.isInSet else { return }
        change.note(from: old, to: new, at: key, in: table)
    }
}
