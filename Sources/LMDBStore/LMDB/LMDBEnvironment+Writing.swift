// Transactions that write, one at a time. Before each, the few pages that the whole store depends
// on are compared with what was written there, and written anew where a disk has changed them.

import CLMDB
import Store

extension LMDBEnvironment {
    /// Lends a transaction that writes; commits when `body` returns true, durably, and drops all of
    /// it otherwise. What it has done to records is bound before that: see `StoreState`.
    func write<Result, Failure: Error>(
        _ body: (borrowing Transaction) throws(Failure) -> (Result, isCommitted: Bool)
    ) throws -> Result {
        try writers.withLock { memory in
            // First, so that nothing can fail once the transaction has been kept.
            try forgetDeadReaders(&memory)
            try restorePages(&memory)
            let (transaction, trees) = try beginWriting(&memory)
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
            let number = mdb_txn_id(transaction)
            // From here on LMDB owns the transaction, whatever it returns.
            try check(mdb_txn_commit(transaction))
            keepCopies(of: number, &memory)
            return result
        }
    }

    /// Lends what is there to somebody who writes past LMDB, while nobody else writes.
    func writePast<Result>(
        _ body: (TreeSnapshot) throws(LMDBFault) -> Result
    ) throws(LMDBFault) -> Result {
        try writers.withLock { memory throws(LMDBFault) in
            let (transaction, trees) = try beginWriting(&memory)
            defer { mdb_txn_abort(transaction) }
            // What is written now is another page than the one that is known.
            memory.copies = nil
            return try body(trees)
        }
    }

    /// Begins a transaction that writes, on a list of free pages that is sound: LMDB writes over
    /// whatever is listed there. One that is damaged is given up. LMDB then takes new pages at the
    /// end of the file, and what was free is used no more.
    func beginWriting(
        _ memory: inout WriterMemory
    ) throws(LMDBFault) -> (OpaquePointer, TreeSnapshot) {
        for isAgain in [false, true] {
            let transaction = try begin(flags: 0)
            do throws(LMDBFault) {
                // What it is based on was written by the one before it.
                let trees = try trees(writtenBy: mdb_txn_id(transaction) - 1)
                do throws(LMDBFault) {
                    try FreeList(trees).forEach({ _ in }, { _ in })
                    return (transaction, trees)
                } catch {
                    guard error.damage != nil, !isAgain else { throw error }
                    damage.note(error)
                    // Nobody else writes while this transaction is there, and it knows the list.
                    try file.clearFreeList(writtenBy: trees.transaction, pageBytes: pageBytes)
                    memory.copies?.refreshHeaders(from: file)
                }
            } catch {
                mdb_txn_abort(transaction)
                note(error)
                throw error
            }
            mdb_txn_abort(transaction)
        }
        preconditionFailure("the second turn returns or throws")
    }

    /// A reader that was killed keeps its snapshot's pages from being used again, and the file
    /// would grow. It keeps its place in the table of readers as well.
    private func forgetDeadReaders(_ memory: inout WriterMemory) throws(LMDBFault) {
        memory.writes += 1
        guard memory.writes % WriterMemory.writesBetweenReaderChecks == 1 else { return }
        try check(mdb_reader_check(environment, nil))
    }

    // MARK: Copies

    /// Writes pages anew that a disk has changed since they were written. Returns whether there
    /// were any.
    func restorePages() throws(LMDBFault) -> Bool {
        try writers.withLock { memory throws(LMDBFault) in try restorePages(&memory) }
    }

    @discardableResult
    private func restorePages(_ memory: inout WriterMemory) throws(LMDBFault) -> Bool {
        let damaged = try memory.copies?.restore(to: file) ?? []
        for fault in damaged { damage.note(fault) }
        return !damaged.isEmpty
    }

    /// Keeps copies of what a transaction has left, if it wrote anything. A copy that is not of the
    /// newest one would bring back what is no more: where it cannot be made anew, there is none.
    private func keepCopies(of number: Int, _ memory: inout WriterMemory) {
        do throws(LMDBFault) {
            var info = MDB_envinfo()
            try check(mdb_env_info(environment, &info))
            if info.me_last_txnid == number - 1, memory.copies != nil { return }
            memory.copies = try PageCopies(of: trees(writtenBy: number), memory.copies, file)
        } catch {
            memory.copies = nil
        }
    }
}
