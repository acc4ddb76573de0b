// Checks what the reference engine holds. It finds what the other engine's check finds.

import Accounts
import Store

extension MemoryStore.State {
    func check(_ job: Job, through anchor: ChainAnchor?) -> CheckReport {
        var report = CheckReport()
        var counted = AccountCounts()
        if job.isCancelled { report.addCancelled() }
        for records in records.values where records.factor != nil || records.guard != nil {
            report.accounts += 1
            if records.factor != nil { counted[records.name.app] += 1 }
            do {
                _ = try records.account()
            } catch {
                report.add(problem: "an account's records: \(error)")
            }
        }
        for bytes in buckets.values {
            do {
                report.limits += try bytes.withBytes { bytes throws(RecordFault) in
                    try LimitRecord.decode(bytes).entries.count
                }
            } catch {
                report.add(problem: "a bucket of limits: \(error)")
            }
        }
        if counted != apps { report.add(problem: "the numbers of accounts are wrong") }
        var chain = EventChain(through: anchor)
        for kept in events {
            kept.bytes.withUnsafeBytes {
                chain.follow($0, version: EventRecord.version, &report)
            }
        }
        chain.end(at: head, &report)
        return report
    }
}
