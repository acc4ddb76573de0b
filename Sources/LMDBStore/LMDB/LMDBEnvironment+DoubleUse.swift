// Looks, before anybody writes, for pages that two trees claim at once.

import CLMDB

extension LMDBEnvironment {
    /// Before anybody writes: see `TreeSnapshot`.
    func refuseDoubleUse() throws(LMDBFault) {
        try writers.withLock { memory throws(LMDBFault) in
            mdb_txn_abort(try beginWriting(&memory).0)
        }
        let transaction = try begin(flags: UInt32(MDB_RDONLY))
        defer { mdb_txn_abort(transaction) }
        try trees(of: transaction) { () throws(LMDBFault) in }.refuseDoubleUse()
    }
}
