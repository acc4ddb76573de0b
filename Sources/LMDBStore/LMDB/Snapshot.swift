// A reader that is used again and again: without the cost of a new transaction each time, nor that
// of finding the trees again while nothing is folded. One thread alone uses it.

import CLMDB

/// Reads without the cost of a new transaction each time. It must end before its environment does.
final class Snapshot {
    private let transaction: OpaquePointer
    private let environment: LMDBEnvironment
    /// As they were when last looked at.
    private var trees: TreeSnapshot?

    init(_ transaction: OpaquePointer, _ environment: LMDBEnvironment) {
        (self.transaction, self.environment) = (transaction, environment)
        mdb_txn_reset(transaction)
    }

    /// Nothing may be read afterwards.
    func end() { mdb_txn_abort(transaction) }

    /// Lends what is in the store now. Nothing is held in between, so that pages can be used again.
    func read<Result>(_ body: (borrowing Transaction) throws -> Result) throws -> Result {
        let trees = try begin()
        defer { mdb_txn_reset(transaction) }
        do {
            return try body(Transaction(reading: transaction, trees))
        } catch {
            environment.note(error)
            throw error
        }
    }

    private func begin() throws(LMDBFault) -> TreeSnapshot {
        do throws(LMDBFault) {
            return try renew()
        } catch {
            environment.note(error)
            // What the whole store depends on may be damaged, and was sound when it was written.
            guard try environment.restorePages() else { throw error }
            return try renew()
        }
    }

    private func renew() throws(LMDBFault) -> TreeSnapshot {
        try check(mdb_txn_renew(transaction))
        do throws(LMDBFault) {
            return try newestTrees()
        } catch {
            mdb_txn_reset(transaction)
            throw error
        }
    }

    /// While nothing is folded they stay the same.
    private func newestTrees() throws(LMDBFault) -> TreeSnapshot {
        if let trees, trees.transaction == UInt64(mdb_txn_id(transaction)) { return trees }
        let new = try environment.trees(of: transaction) { () throws(LMDBFault) in
            mdb_txn_reset(transaction)
            try check(mdb_txn_renew(transaction))
        }
        trees = new
        return new
    }
}
