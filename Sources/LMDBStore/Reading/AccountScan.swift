// The accounts after a key, in order, from LMDB and both segments of the log. What the log has is
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
        let scan = KeyScan(after: after, count: count)
        let range = scan.joined(
            try keys(scan, transaction)
                + [log.active, log.other].map { lap in
                    scan.keys(of: lap.newest.accounts) { $0.factor.isSomewhere }
                })
        var slice = AccountSlice()
        slice.end = range.end
        for id in range.ids {
            try RecordKey(id).withBytes { key in
                let found = try transaction.lookUp { () throws(LMDBFault) in
                    try SealedRecords(log.records(of: id), tables, key, transaction)
                }
                do throws(RecordFault) {
                    guard let account = try reader.open(SealedRecords(found), key) else { return }
                    slice.entries.append(.account(id, account))
                } catch {
                    transaction.trees.damage.note(error, at: key, in: .factors)
                    slice.entries.append(.unreadable(id, error))
                }
            }
        }
        return slice
    }

    /// The keys of factor records that LMDB has. Those that are on a damaged page have a guard,
    /// which has the same key; where its page is damaged as well, nobody can say who is missing.
    private func keys(
        _ scan: KeyScan, _ transaction: borrowing Transaction
    ) throws -> [LogIndex.Range] {
        var isDamaged = false
        let factors = try scan.keys(of: tables.factors, transaction) { _ in isDamaged = true }
        guard isDamaged else { return [factors] }
        return [factors, try scan.keys(of: tables.guards, transaction) { throw $0 }]
    }
}
