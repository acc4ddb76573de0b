// A transaction, lent to a closure. The bytes it hands out lie in the memory map: they are valid
// only inside the closure, and only until the next write.

import CLMDB
import Secrets

struct Transaction: ~Copyable {
    private let transaction: OpaquePointer

    init(_ transaction: OpaquePointer) { self.transaction = transaction }

    /// The table that has the others; it is always there.
    func openMain() throws(LMDBFault) -> Database {
        var handle = MDB_dbi()
        try check(mdb_dbi_open(transaction, nil, 0, &handle))
        return Database(handle: handle)
    }

    func open(_ name: String, isCreated: Bool) throws(LMDBFault) -> Database {
        var handle = MDB_dbi()
        try check(mdb_dbi_open(transaction, name, UInt32(isCreated ? MDB_CREATE : 0), &handle))
        return Database(handle: handle)
    }

    func count(_ database: Database) throws(LMDBFault) -> Int {
        var statistics = MDB_stat()
        try check(mdb_stat(transaction, database.handle, &statistics))
        return statistics.ms_entries
    }

    /// What a table takes: all of its pages.
    func bytes(of database: Database) throws(LMDBFault) -> Int {
        var statistics = MDB_stat()
        try check(mdb_stat(transaction, database.handle, &statistics))
        let pages =
            statistics.ms_branch_pages + statistics.ms_leaf_pages + statistics.ms_overflow_pages
        return pages * Int(statistics.ms_psize)
    }

    /// What a record costs that goes there with so many others.
    func foldTarget(_ database: Database, records: Int) throws(LMDBFault) -> FoldTarget {
        var statistics = MDB_stat()
        try check(mdb_stat(transaction, database.handle, &statistics))
        return FoldTarget(
            leafPages: statistics.ms_leaf_pages, bytesPerPage: Int(statistics.ms_psize),
            records: records)
    }

    /// Lends the value, or nil when there is none.
    func get<Result, Failure: Error>(
        _ database: Database, _ key: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer?) throws(Failure) -> Result
    ) throws -> Result {
        var (key, value) = (MDB_val(key), MDB_val())
        let code = mdb_get(transaction, database.handle, &key, &value)
        if code == MDB_NOTFOUND { return try body(nil) }
        try check(code)
        return try body(value.bytes)
    }

    /// A value, or nil when there is none. It lives as long as the transaction, and in one that
    /// writes only up to its next write.
    func find(
        _ database: Database, _ key: UnsafeRawBufferPointer
    ) throws(LMDBFault) -> UnsafeRawBufferPointer? {
        var (key, value) = (MDB_val(key), MDB_val())
        let code = mdb_get(transaction, database.handle, &key, &value)
        if code == MDB_NOTFOUND { return nil }
        try check(code)
        return value.bytes
    }

    /// A table's tree, to look ahead in; nil when there is none that could be understood.
    func tree(_ table: Table, in main: Database) throws(LMDBFault) -> Tree? {
        var info = MDB_envinfo()
        try check(mdb_env_info(mdb_txn_env(transaction), &info))
        // LMDB keeps what it knows of a table in its main table, under the table's name.
        let record = try Array(table.name.utf8).withBytes { name throws(LMDBFault) in
            try find(main, name)
        }
        return record.flatMap { Tree($0, pages: UInt64(info.me_last_pgno) + 1) }
    }

    /// Lends the greatest key, or nil when there is none.
    func lastKey<Result>(
        _ database: Database, _ body: (UnsafeRawBufferPointer?) throws -> Result
    ) throws -> Result {
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(transaction, database.handle, &cursor))
        defer { mdb_cursor_close(cursor) }
        var (key, value) = (MDB_val(), MDB_val())
        let code = mdb_cursor_get(cursor, &key, &value, MDB_LAST)
        if code == MDB_NOTFOUND { return try body(nil) }
        try check(code)
        return try body(key.bytes)
    }

    enum Direction {
        /// From the first key that is not before the one given.
        case forward
        /// The same, and the key before that one as well, if the one given is not there.
        case forwardFromBefore
        /// Backwards, from the last key that is not behind the one given.
        case backward
    }

    /// Visits pairs in a direction, for as long as `body` returns true. Throws what `body` throws.
    func scan(
        _ database: Database, from start: UnsafeRawBufferPointer, _ direction: Direction,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(transaction, database.handle, &cursor))
        defer { mdb_cursor_close(cursor) }
        var (key, value) = (MDB_val(start), MDB_val())
        var code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE)
        let isThere = code == MDB_SUCCESS && key.bytes.elementsEqual(start)
        let isBehind = code == MDB_SUCCESS && !isThere
        switch direction {
        case .forward: break
        case .forwardFromBefore, .backward:
            if code == MDB_NOTFOUND { code = mdb_cursor_get(cursor, &key, &value, MDB_LAST) }
            if isBehind { code = mdb_cursor_get(cursor, &key, &value, MDB_PREV) }
            if isBehind, code == MDB_NOTFOUND, case .forwardFromBefore = direction {
                code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST)
            }
        }
        let next: MDB_cursor_op
        switch direction {
        case .forward, .forwardFromBefore: next = MDB_NEXT
        case .backward: next = MDB_PREV
        }
        while code != MDB_NOTFOUND {
            try check(code)
            guard try body(key.bytes, value.bytes) else { return }
            code = mdb_cursor_get(cursor, &key, &value, next)
        }
    }

    func put(
        _ database: Database, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(LMDBFault) {
        try put(database, key, value, flags: 0)
    }

    /// Puts a key that is greater than all others there, without looking for its place.
    func append(
        _ database: Database, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(LMDBFault) {
        try put(database, key, value, flags: UInt32(MDB_APPEND))
    }

    private func put(
        _ database: Database, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer,
        flags: UInt32
    ) throws(LMDBFault) {
        var (key, value) = (MDB_val(key), MDB_val(value))
        try check(mdb_put(transaction, database.handle, &key, &value, flags))
    }

    /// Deletes a key; it need not be there.
    func delete(_ database: Database, _ key: UnsafeRawBufferPointer) throws(LMDBFault) {
        var key = MDB_val(key)
        let code = mdb_del(transaction, database.handle, &key, nil)
        guard code != MDB_NOTFOUND else { return }
        try check(code)
    }

    /// Visits all pairs in the order of their keys.
    func forEach(
        _ database: Database,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(transaction, database.handle, &cursor))
        defer { mdb_cursor_close(cursor) }
        var (key, value) = (MDB_val(), MDB_val())
        var code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST)
        while code != MDB_NOTFOUND {
            try check(code)
            try body(key.bytes, value.bytes)
            code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
        }
    }
}

extension Transaction {
    func cursor(_ database: Database) throws(LMDBFault) -> Cursor {
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(transaction, database.handle, &cursor))
        guard let cursor else { preconditionFailure("mdb_cursor_open returned no cursor") }
        return Cursor(cursor)
    }
}

/// Changes a table at many places, about in the order of its keys: whatever goes to the page where
/// the one before it went is not looked for from the root. It must be gone before its transaction
/// ends.
struct Cursor: ~Copyable {
    private let cursor: OpaquePointer

    fileprivate init(_ cursor: OpaquePointer) { self.cursor = cursor }

    deinit { mdb_cursor_close(cursor) }

    func put(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(LMDBFault) {
        var (key, value) = (MDB_val(key), MDB_val(value))
        try check(mdb_cursor_put(cursor, &key, &value, 0))
    }

    /// The key need not be there.
    func delete(_ key: UnsafeRawBufferPointer) throws(LMDBFault) {
        var (key, value) = (MDB_val(key), MDB_val())
        let code = mdb_cursor_get(cursor, &key, &value, MDB_SET)
        guard code != MDB_NOTFOUND else { return }
        try check(code)
        try check(mdb_cursor_del(cursor, 0))
    }
}

extension MDB_val {
    /// LMDB takes keys and values it only reads as mutable, for want of a second struct.
    fileprivate init(_ bytes: UnsafeRawBufferPointer) {
        self.init(
            mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    fileprivate var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: mv_data, count: mv_size)
    }
}
