// Transactions that write. Nobody else begins one.

import CLMDB
import Store

extension LMDBEnvironment {
    /// Lends a transaction that writes; commits when `body` returns true, durably, and drops all of
    /// it otherwise. What it has done to records is bound before that: see `StoreState`.
    func write<Result, Failure: Error>(
        _ body: (borrowing Transaction) throws(Failure) -> (Result, isCommitted: Bool)
    ) throws -> Result {
        // First, so that nothing can fail once the transaction has been kept.
        try forgetDeadReaders()
        let (transaction, trees) = try beginWriting()
        let keeper = self.keeper.withLock { $0 }
        let change = keeper.map { $0.begin() }
        let result: Result
        do {
            let lent = try Transaction(writing: transaction, trees, change)
            let (value, isCommitted) = try body(lent)
            guard isCommitted else {
                mdb_txn_abort(transaction)
                return value
            }
            if let keeper, let change { try keeper.end(change, lent) }
            result = value
        } catch {
            mdb_txn_abort(transaction)
            note(error)
            throw error
        }
        // From here on LMDB owns the transaction, whatever it returns.
        try check(mdb_txn_commit(transaction))
        return result
    }
}
