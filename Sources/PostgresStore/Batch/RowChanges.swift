// What a batch does to the rows of one table.

import Accounts

struct RowChanges {
    private(set) var updated: (ids: [RecordID], sealed: [[UInt8]]) = ([], [])
    private(set) var inserted: (ids: [RecordID], sealed: [[UInt8]]) = ([], [])
    private(set) var deleted: [RecordID] = []

    mutating func update(_ id: RecordID, _ sealed: [UInt8]) {
        updated.ids.append(id)
        updated.sealed.append(sealed)
    }

    mutating func insert(_ id: RecordID, _ sealed: [UInt8]) {
        inserted.ids.append(id)
        inserted.sealed.append(sealed)
    }

    mutating func delete(_ id: RecordID) { deleted.append(id) }

    /// Rows that have to be there.
    var count: Int { updated.ids.count + deleted.count }
}
