// An account's records as they lie in the store.

import CLinux
import Store

struct SealedRecords {
    let factor: UnsafeRawBufferPointer?
    let `guard`: UnsafeRawBufferPointer?
    /// Why one of them, or none, could not be looked up.
    var fault: RecordFault?

    init(factor: UnsafeRawBufferPointer?, guard: UnsafeRawBufferPointer?) {
        (self.factor, self.guard) = (factor, `guard`)
    }

    /// Those that a look-up has found, or could not.
    init(_ found: Result<SealedRecords, RecordFault>) {
        switch found {
        case .success(let records): self = records
        case .failure(let fault): (factor, self.guard, self.fault) = (nil, nil, fault)
        }
    }
}

extension SealedRecords {
    /// What a batch has changed itself is newer.
    func updated(by own: LoggedRecords) -> SealedRecords {
        var updated = SealedRecords(
            factor: own.factor.or(factor), guard: own.guard.or(self.guard))
        // One that is written anew as a whole needs nothing of what was there.
        if own.factor.isNothing || own.guard.isNothing { updated.fault = fault }
        return updated
    }

    /// Has the records' bytes brought near.
    func prefetch() {
        if let factor { memory_prefetch(factor.baseAddress, factor.count) }
        if let state = self.guard { memory_prefetch(state.baseAddress, state.count) }
    }

    /// What the log does not know is in the tables.
    init(
        _ logged: LoggedRecords, _ tables: Tables, _ key: UnsafeRawBufferPointer,
        _ transaction: borrowing Transaction
    ) throws(LMDBFault) {
        factor = try transaction.newest(logged.factor, in: tables.factors, at: key)
        self.guard = try transaction.newest(logged.guard, in: tables.guards, at: key)
    }
}
