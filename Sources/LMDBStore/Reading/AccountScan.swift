// The accounts after a key, in order, from LMDB and both laps of the log. What the log has is
// newer, deletions included.

import Accounts
import Store

struct AccountScan {
    let tables: Tables
    let reader: AccountReader
    let log: WriteAheadLog

    /// Throws `LMDBFault`.
    func slice(
        after: RecordID?, atMost count: Int, _ transaction: borrowing Transaction
    ) throws -> AccountSlice {
        let sources =
            try keys(after: after, count, transaction)
            + [log.active, log.other].map { lap in
                lap.places.range(after: after, count: count) { $0.factor.isSomewhere }
            }
        // All of them were looked through up to here.
        let end = sources.compactMap(\.end).min()
        var ids: [RecordID] = []
        for id in sources.flatMap(\.ids).sorted() where end.map({ id <= $0 }) ?? true {
            if ids.last != id { ids.append(id) }
        }
        var slice = AccountSlice()
        slice.end = ids.count > count ? ids[count - 1] : end
        for id in ids.prefix(count) {
            try RecordKey(id).withBytes { key in
                let records = try records(of: id, key, transaction)
                do throws(RecordFault) {
                    guard let account = try reader.open(records, key) else { return }
                    slice.entries.append(.account(id, account))
                } catch {
                    transaction.trees.damage.note(error, at: key, in: .factors)
                    slice.entries.append(.unreadable(id, error))
                }
            }
        }
        return slice
    }

    private func records(
        of id: RecordID, _ key: UnsafeRawBufferPointer, _ transaction: borrowing Transaction
    ) throws(LMDBFault) -> SealedRecords {
        do throws(LMDBFault) {
            return try SealedRecords(log.records(of: id), tables, key, transaction)
        } catch {
            guard let fault = error.ofRecord else { throw error }
            transaction.trees.damage.note(error)
            return SealedRecords(fault)
        }
    }

    /// The keys of factor records that LMDB has. Those that are on a damaged page have a guard,
    /// which has the same key; where its page is damaged as well, nobody can say who is missing.
    private func keys(
        after: RecordID?, _ count: Int, _ transaction: borrowing Transaction
    ) throws -> [LogIndex.Range] {
        var isDamaged = false
        let factors = try keys(
            tables.factors, after: after, count, transaction, damage: { _ in isDamaged = true })
        guard isDamaged else { return [factors] }
        return [factors, try keys(tables.guards, after: after, count, transaction) { throw $0 }]
    }

    private func keys(
        _ database: Database, after: RecordID?, _ count: Int,
        _ transaction: borrowing Transaction, damage: (LMDBFault) throws -> Void
    ) throws -> LogIndex.Range {
        var range = LogIndex.Range()
        let start = RecordKey(after ?? RecordID(high: 0, low: 0))
        try start.withBytes { start in
            try transaction.scan(database, from: start, .forward, damage: damage) { key, _ in
                // What has another length is no account's; a check tells of it.
                guard key.count == 16 else { return true }
                let id = RecordID(key)
                guard id != after else { return true }
                range.ids.append(id)
                guard range.ids.count == count else { return true }
                range.end = id
                return false
            }
        }
        return range
    }
}
