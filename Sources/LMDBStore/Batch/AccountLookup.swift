// Looks an account's records up, in the log and then in the tables. What is on a damaged page must
// concern that account alone; and nobody must count as not enrolled whose records may only have
// been lost.
//
// A record's key is authenticated by its seal. So a record whose key was changed by damage does not
// open; and as a page's keys are in order, it is one of the two beside the place of the true key.

import Accounts
import Store

struct AccountLookup {
    let tables: Tables
    let reader: AccountReader

    /// Throws what is no damage of a page.
    func records(
        _ logged: LoggedRecords, _ key: UnsafeRawBufferPointer, _ transaction: borrowing Transaction
    ) throws(LMDBFault) -> SealedRecords {
        let found = try transaction.lookUp { () throws(LMDBFault) in
            let records = try SealedRecords(logged, tables, key, transaction)
            let isNowhere = records.factor == nil && records.guard == nil
            guard isNowhere, logged.factor.isNothing, logged.guard.isNothing else { return records }
            try proveAbsent(.guards, key, transaction)
            try proveAbsent(.factors, key, transaction)
            return records
        }
        return SealedRecords(found)
    }

    private func proveAbsent(
        _ table: Table, _ key: UnsafeRawBufferPointer, _ transaction: borrowing Transaction
    ) throws(LMDBFault) {
        let (before, after) = try transaction.neighbours(tables[table], key)
        for pair in [before, after] {
            guard let pair else { continue }
            guard reader.seal.opens(pair.value, in: table, at: pair.key) else {
                throw .damaged(
                    pair.page, "a record beside the place of another does not open", in: .accounts)
            }
        }
    }
}

extension RecordSeal {
    /// Whether a record is what it was sealed as, where it was sealed.
    func opens(
        _ sealed: UnsafeRawBufferPointer, in table: Table, at key: UnsafeRawBufferPointer
    ) -> Bool {
        do throws(RecordFault) {
            return try withOpened(sealed, version: Self.version(of: sealed), in: table, at: key) {
                _ in true
            }
        } catch {
            return false
        }
    }
}
