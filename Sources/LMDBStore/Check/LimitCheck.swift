// Opens every bucket of limits as the daemon would find it: in the log, and otherwise in LMDB.

import Accounts
import Secrets
import Store

struct LimitCheck {
    let tables: Tables
    let seal: RecordSeal
    /// In their order.
    let laps: [LogLap]
    let job: Job

    func run(_ transaction: borrowing Transaction, _ report: inout CheckReport) throws {
        if tables.has(.limits) {
            try transaction.forEach(tables.limits, damage: { _ in }) { key, sealed in
                guard key.count == Table.limits.keyBytes else {
                    return report.add(problem: "limits \(Hex.encode(key)): it is no bucket")
                }
                try job.step()
                check(key, logged(RecordID(key), in: laps[...]).or(sealed), transaction, &report)
            }
        }
        for (index, lap) in laps.enumerated() {
            try lap.newest.buckets.forEach { id, _ in
                if case .nothing = logged(id, in: laps[..<index]) {
                    try RecordKey(id).withBytes { key in
                        if tables.has(.limits), try transaction.has(tables.limits, key) { return }
                        try job.step()
                        check(key, logged(id, in: laps[...]).or(nil), transaction, &report)
                    }
                }
            }
        }
    }

    private func logged(_ id: RecordID, in laps: ArraySlice<LogLap>) -> Logged {
        laps.reversed().reduce(.nothing) { $0.or($1.bucket(id)) }
    }

    private func check(
        _ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer?,
        _ transaction: borrowing Transaction, _ report: inout CheckReport
    ) {
        guard let sealed else { return }
        do throws(RecordFault) {
            report.limits += try seal.openOwnedBucket(sealed, at: key).keys.entries.count
        } catch {
            transaction.trees.damage.note(error, at: key, in: .limits)
            report.add(problem: "limits \(Hex.encode(key)): \(error)")
        }
    }
}
