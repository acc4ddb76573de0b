// What a start and an end note in LMDB: how far the log has come, and which epoch it is.

import Store

extension LMDBStore {
    /// The host takes it for the store's once this start is ready, so it has to be on the disk.
    func take(_ next: Epoch?, insteadOf last: Epoch?) throws {
        guard let next, next != last else { return }
        try environment.write { transaction in
            try Meta.putEpoch(next, transaction, tables, keys.seal)
            return ((), isCommitted: true)
        }
    }

    func note(reached: LogFrameID) throws {
        do {
            try environment.write { transaction in
                let seal = keys.seal
                guard let mark = try Meta.mark(transaction, tables, seal) else {
                    throw OpeningRefusal.canary
                }
                let new = LogMark(folded: mark.folded, reached: reached)
                try Meta.putMark(new, transaction, tables, seal)
                return ((), isCommitted: true)
            }
        } catch {
            throw StoreFault(error, directory)
        }
    }
}
