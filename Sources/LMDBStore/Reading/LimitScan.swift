// The buckets of limits after a key, in order, from LMDB and both segments of the log. What the log
// has is newer, deletions included.

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
        let scan = KeyScan(after: after, count: count)
        // A damaged page is counted as a bucket that does not open: nobody can say how many it has.
        let stored = try scan.keys(of: tables.limits, transaction) { _ in slice.unreadable += 1 }
        let range = scan.joined(
            [stored]
                + [log.active, log.other].map { lap in
                    scan.keys(of: lap.newest.buckets) { $0.one.isSomewhere }
                })
        slice.end = range.end
        for id in range.ids {
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
            let found = try transaction.lookUp { () throws(LMDBFault) in
                try transaction.newest(log.bucket(id), in: tables.limits, at: key)
            }
            do throws(RecordFault) {
                guard let sealed = try found.get() else { return .success(nil) }
                return .success(try seal.openOwnedBucket(sealed, at: key))
            } catch {
                transaction.trees.damage.note(error, at: key, in: .limits)
                return .failure(error)
            }
        }
    }
}
