// The buckets of limits after a key, in order, out of LMDB and both laps of the log: what the log
// knows is newer. None is left out that only one of them has, and none is shown that is gone.

import Accounts
import Store

struct LimitScan {
    let tables: Tables
    let seal: RecordSeal
    let log: WriteAheadLog

    func slice(
        after: RecordID?, atMost count: Int, _ transaction: borrowing Transaction
    ) throws -> LimitSlice {
        var slice = LimitSlice()
        let sources =
            [try keys(after: after, count, transaction, &slice)]
            + [log.active, log.other].map { lap in
                lap.buckets.range(after: after, count: count) { $0.one.isSomewhere }
            }
        // All of them were looked through up to here.
        let end = sources.compactMap(\.end).min()
        var ids: [RecordID] = []
        for id in sources.flatMap(\.ids).sorted() where end.map({ id <= $0 }) ?? true {
            if ids.last != id { ids.append(id) }
        }
        slice.end = ids.count > count ? ids[count - 1] : end
        for id in ids.prefix(count) {
            switch try bucket(id, transaction) {
            case .success(let bucket?): slice.buckets.append(bucket)
            case .success(nil): break
            case .failure: slice.unreadable += 1
            }
        }
        return slice
    }

    private func bucket(
        _ id: RecordID, _ transaction: borrowing Transaction
    ) throws -> Result<LimitSlice.Bucket?, RecordFault> {
        try RecordKey(id).withBytes { key in
            let sealed: UnsafeRawBufferPointer?
            switch log.bucket(id) {
            case .record(let bytes): sealed = bytes
            case .gone: sealed = nil
            case .nothing:
                do throws(LMDBFault) {
                    sealed = try transaction.find(tables.limits, key)
                } catch {
                    guard let fault = error.ofRecord else { throw error }
                    transaction.trees.damage.note(error)
                    return .failure(fault)
                }
            }
            guard let sealed else { return .success(nil) }
            do throws(RecordFault) {
                return .success(try seal.openOwnedBucket(sealed, at: key))
            } catch {
                transaction.trees.damage.note(error, at: key, in: .limits)
                return .failure(error)
            }
        }
    }

    /// The keys of buckets that LMDB has. A damaged page is counted as a bucket that does not open:
    /// nobody can say how many it has.
    private func keys(
        after: RecordID?, _ count: Int, _ transaction: borrowing Transaction,
        _ slice: inout LimitSlice
    ) throws -> LogIndex.Range {
        var range = LogIndex.Range()
        var damaged = 0
        let start = RecordKey(after ?? RecordID(high: 0, low: 0))
        try start.withBytes { start in
            try transaction.scan(
                tables.limits, from: start, .forward, damage: { _ in damaged += 1 }
            ) { key, _ in
                // What has another length is no bucket's; a check tells of it.
                guard key.count == 16 else { return true }
                let id = RecordID(key)
                guard id != after else { return true }
                range.ids.append(id)
                guard range.ids.count == count else { return true }
                range.end = id
                return false
            }
        }
        slice.unreadable += damaged
        return range
    }
}
