// A transaction, lent to a closure. The bytes it hands out lie in the memory map: they are valid
// only inside the closure, and only until the next write.

import CLMDB
import Secrets

struct Transaction: ~Copyable {
    private let transaction: OpaquePointer
    /// What is read by walking the pages here. Of a transaction that writes, what was there when it
    /// began.
    let trees: TreeSnapshot
    /// Looks first at what LMDB walks; nil in a transaction that reads, where LMDB walks nothing.
    private let writing: WriteGuard?
    /// What it does to the records that the state binds; nil where nobody keeps one.
    private let change: SetChange?

    init(reading transaction: OpaquePointer, _ trees: TreeSnapshot) {
        (self.transaction, self.trees, writing, change) = (transaction, trees, nil, nil)
    }

    init(
        writing transaction: OpaquePointer, _ trees: TreeSnapshot, _ change: SetChange?
    ) throws(LMDBFault) {
        (self.transaction, self.trees, self.change) = (transaction, trees, change)
        writing = try WriteGuard(trees)
    }

    /// The table that has the others; it is always there.
    func openMain() throws(LMDBFault) -> Database {
        var handle = MDB_dbi()
        try check(mdb_dbi_open(transaction, nil, 0, &handle))
        return Database(handle: handle, table: nil)
    }

    /// One that is opened in a transaction that reads must be there.
    func open(_ table: Table, isCreated: Bool) throws(LMDBFault) -> Database {
        if !isCreated, trees[table] == nil { throw LMDBFault(code: MDB_NOTFOUND) }
        // LMDB walks to the table's name.
        try WriteGuard.verifyNames(trees)
        var handle = MDB_dbi()
        let flags = UInt32(isCreated ? MDB_CREATE : 0)
        try check(mdb_dbi_open(transaction, table.name, flags, &handle))
        return Database(handle: handle, table: table)
    }

    private func tree(_ database: Database) -> PageTree? {
        guard let table = database.table else { return trees.main }
        return trees[table]
    }

    func count(_ database: Database) throws(LMDBFault) -> Int {
        guard writing != nil else { return tree(database).map { Int($0.record.entries) } ?? 0 }
        return try statistics(database).ms_entries
    }

    private func statistics(_ database: Database) throws(LMDBFault) -> MDB_stat {
        var statistics = MDB_stat()
        try check(mdb_stat(transaction, database.handle, &statistics))
        return statistics
    }

    /// What a table takes: all of its pages.
    func bytes(of database: Database) throws(LMDBFault) -> Int {
        guard writing != nil else {
            return tree(database).map { $0.record.pages * $0.pages.bytes } ?? 0
        }
        let found = try statistics(database)
        return (found.ms_branch_pages + found.ms_leaf_pages + found.ms_overflow_pages)
            * Int(found.ms_psize)
    }

    /// What a record costs that goes there with so many others.
    func foldTarget(_ database: Database, records: Int) throws(LMDBFault) -> FoldTarget {
        let found = try statistics(database)
        return FoldTarget(
            leafPages: found.ms_leaf_pages, bytesPerPage: Int(found.ms_psize), records: records)
    }

    /// A value, or nil when there is none. It lives as long as the transaction, and in one that
    /// writes only up to its next write.
    ///
    /// - Parameter beside: sees the records between which one would be that is not there, in a
    ///   transaction that reads.
    func find(
        _ database: Database, _ key: UnsafeRawBufferPointer,
        beside: (PageTree.Pair) throws(LMDBFault) -> Void = { _ throws(LMDBFault) in }
    ) throws(LMDBFault) -> UnsafeRawBufferPointer? {
        guard let writing else { return try tree(database)?.find(key, beside: beside) }
        try writing.look(for: key, in: database.table)
        return try found(database, key)
    }

    private func found(
        _ database: Database, _ key: UnsafeRawBufferPointer
    ) throws(LMDBFault) -> UnsafeRawBufferPointer? {
        var (key, value) = (MDB_val(key), MDB_val())
        let code = mdb_get(transaction, database.handle, &key, &value)
        if code == MDB_NOTFOUND { return nil }
        try check(code)
        return value.bytes
    }

    /// The records between which a key would be that is not there.
    func neighbours(
        _ database: Database, _ key: UnsafeRawBufferPointer
    ) throws(LMDBFault) -> (before: PageTree.Pair?, after: PageTree.Pair?) {
        try tree(database)?.neighbours(of: key) ?? (nil, nil)
    }

    /// Lends the greatest key, or nil when there is none.
    func lastKey<Result>(
        _ database: Database, _ body: (UnsafeRawBufferPointer?) throws -> Result
    ) throws -> Result {
        guard let writing else { return try body(tree(database)?.lastKey()) }
        if let table = database.table { try writing.lookAtEnd(of: table) }
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(transaction, database.handle, &cursor))
        defer { mdb_cursor_close(cursor) }
        var (key, value) = (MDB_val(), MDB_val())
        let code = mdb_cursor_get(cursor, &key, &value, MDB_LAST)
        if code == MDB_NOTFOUND { return try body(nil) }
        try check(code)
        return try body(key.bytes)
    }

    /// Visits pairs in a direction, for as long as `body` returns true; in a transaction that
    /// writes, those that were there when it began. Throws what `body` throws.
    ///
    /// - Parameter damage: told of each page that cannot be read; it throws, or the visit goes on.
    func scan(
        _ database: Database, from start: UnsafeRawBufferPointer, _ direction: ScanDirection,
        damage: (LMDBFault) throws -> Void = { throw $0 },
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        guard let tree = tree(database) else { return }
        try trees.scan(tree, from: start, direction, damage, body)
    }

    /// Visits all pairs in the order of their keys; see `scan`.
    func forEach(
        _ database: Database, damage: (LMDBFault) throws -> Void = { throw $0 },
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard let tree = tree(database) else { return }
        try trees.scan(tree, from: nil, .forward, damage) { key, value in
            try body(key, value)
            return true
        }
    }
}

// MARK: Writing

extension Transaction {
    func put(
        _ database: Database, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(LMDBFault) {
        try writing?.look(for: key, in: database.table)
        try changing(database, key, to: value) { () throws(LMDBFault) in
            try put(database, key, value, flags: 0)
        }
    }

    /// Puts a key that is greater than all others there, without looking for its place.
    func append(
        _ database: Database, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(LMDBFault) {
        if let table = database.table { try writing?.lookAtEnd(of: table) }
        try changing(database, key, to: value, isNew: true) { () throws(LMDBFault) in
            try put(database, key, value, flags: UInt32(MDB_APPEND))
        }
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
        try prepareDeletion(database, key)
        try deletePrepared(database, key)
    }

    /// Looks at the pages that a deletion may meet, so that several can be known to succeed before
    /// the first of them changes anything.
    func prepareDeletion(
        _ database: Database, _ key: UnsafeRawBufferPointer
    ) throws(LMDBFault) {
        try writing?.lookAround(key, in: database.table)
    }

    /// Deletes a key that was prepared for it in this transaction.
    func deletePrepared(_ database: Database, _ key: UnsafeRawBufferPointer) throws(LMDBFault) {
        try changing(database, key, to: nil) { () throws(LMDBFault) in
            var key = MDB_val(key)
            let code = mdb_del(transaction, database.handle, &key, nil)
            guard code != MDB_NOTFOUND else { return }
            try check(code)
        }
    }

    /// Notes what becomes of a record, once it has.
    private func changing(
        _ database: Database, _ key: UnsafeRawBufferPointer, to new: UnsafeRawBufferPointer?,
        isNew: Bool = false, _ body: () throws(LMDBFault) -> Void
    ) throws(LMDBFault) {
        guard let change, let table = database.table, table != .events else { return try body() }
        guard table.isInSet else {
            try body()
            return change.noteOwn()
        }
        let old = isNew ? nil : try found(database, key).map(SetChange.tag)
        try body()
        change.note(from: old, to: new.map(SetChange.tag), at: key, in: table)
    }

    func cursor(_ database: Database) throws(LMDBFault) -> Cursor {
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(transaction, database.handle, &cursor))
        guard let cursor else { preconditionFailure("mdb_cursor_open returned no cursor") }
        return Cursor(cursor, database.table, writing, change)
    }
}
