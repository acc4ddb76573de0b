// All trees of one snapshot: of the tables, of the names of tables, and of the pages that are free.
// It must be taken while a transaction keeps the snapshot's pages from being used again, and must
// not be used when that has ended.

import CLMDB

final class TreeSnapshot {
    let transaction: UInt64
    let lastPage: UInt64
    let pages: Pages
    private let file: PageFile
    private let tables: [PageTree?]
    /// Where the others are named, and the pages that may be used again.
    let main: PageTree
    let free: PageTree

    /// - Parameter transaction: the number of the one that wrote what is seen.
    init(_ file: PageFile, _ transaction: UInt64, pageBytes: Int) throws(LMDBFault) {
        let number = transaction % 2
        let header = try file.pages(2, of: pageBytes)
        guard header.limit == 2 else { throw .damaged(0, "the file is too short") }
        let start = header.base + Int(number) * pageBytes
        guard
            let meta = MetaPage(
                start, number: number, pageBytes: pageBytes, fileBytes: try file.length()),
            meta.transaction == transaction
        else { throw .damaged(number, "it is no header of LMDB's") }
        self.file = file
        let pages = try file.pages(meta.lastPage + 1, of: pageBytes)
        let main = PageTree(pages: pages, record: meta.main, hasTables: true)
        free = PageTree(pages: pages.of(.freePages), record: meta.free)
        (self.pages, self.main) = (pages, main)
        (self.transaction, lastPage) = (transaction, meta.lastPage)
        var tables: [PageTree?] = Array(repeating: nil, count: Table.allCases.count + 1)
        for table in Table.allCases {
            let found = try Array(table.name.utf8).withBytes { name throws(LMDBFault) in
                try main.find(name)
            }
            guard let found else { continue }
            guard found.count == TableRecord.bytes, let start = found.baseAddress,
                let record = TableRecord(start, pad: 0, flags: 0, limit: meta.lastPage + 1)
            else { throw .damaged(meta.main.root, "what it says of a table cannot be") }
            tables[Int(table.rawValue)] = PageTree(
                pages: pages.of(table.part), record: record)
        }
        self.tables = tables
    }

    /// See `PageFile.write`.
    func write(_ bytes: UnsafeRawBufferPointer, toPage number: UInt64) throws(LMDBFault) {
        try file.write(bytes, at: Int(number) * pages.bytes)
    }

    /// Has LMDB know of so many records in a table, from the next transaction on.
    func setEntries(_ count: UInt64, of table: Table) throws(LMDBFault) {
        let found = try Array(table.name.utf8).withBytes { name throws(LMDBFault) in
            try main.find(name)
        }
        guard let start = found?.baseAddress, self[table]?.record.entries != count else { return }
        let offset = start - pages.base + TableRecord.entriesOffset
        try withUnsafeBytes(of: count) { bytes throws(LMDBFault) in
            try file.write(bytes, at: offset)
        }
    }

    /// For health: what somebody has met that is damaged.
    var damage: DamageNotes { file.damage }

    /// Nil for one that this snapshot does not have.
    subscript(table: Table) -> PageTree? { tables[Int(table.rawValue)] }

    var hasAllTables: Bool { Table.allCases.allSatisfy { self[$0] != nil } }

    // MARK: Visits

    /// Visits pairs in a direction, for as long as `body` returns true; from the first one on where
    /// no key is given.
    func scan(
        _ tree: PageTree, from start: UnsafeRawBufferPointer?, _ direction: ScanDirection,
        _ damage: (LMDBFault) throws -> Void, _ body: PageTree.Visit
    ) throws {
        var start = start.map(Array.init)
        if direction == .forwardFromBefore, let bytes = start {
            try bytes.withBytes { bytes in
                try tree.backward(from: bytes, { try tell($0, damage) }) { key, _ in
                    start = Array(key)
                    return false
                }
            }
        }
        guard let start else {
            return try tree.forward(from: nil, { try tell($0, damage) }, body)
        }
        try start.withBytes { start in
            if direction == .backward {
                try tree.backward(from: start, { try tell($0, damage) }, body)
            } else {
                try tree.forward(from: start, { try tell($0, damage) }, body)
            }
        }
    }

    private func tell(_ fault: LMDBFault, _ damage: (LMDBFault) throws -> Void) throws {
        self.damage.note(fault)
        try damage(fault)
    }
}
