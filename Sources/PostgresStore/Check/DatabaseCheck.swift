// Opens every row of a store in a database, at one moment, and follows each lane's chain of events
// and the numbers over all of them.

import Accounts
import Secrets
import Store

struct DatabaseCheck {
    private let view: DatabaseView
    private let seal: RowSeal
    private let job: Job
    private var report = CheckReport()
    /// Accounts with a factor that opens.
    private var found = AccountCounts()

    init(_ view: DatabaseView, _ seal: RowSeal, _ job: Job) {
        (self.view, self.seal, self.job) = (view, seal, job)
    }

    mutating func run() throws(DatabaseFault) -> CheckReport {
        try checkAccounts()
        try checkCounts()
        try checkBuckets()
        var events = EventCheck(view, seal, job)
        try events.run(&report)
        if job.isCancelled { report.addCancelled() }
        return report
    }

    /// Counts a step, and returns whether to go on.
    private func step() -> Bool {
        job.advance()
        return !job.isCancelled
    }

    private mutating func checkAccounts() throws(DatabaseFault) {
        try view.forEach(CheckStatements.guards) { page, row, id throws(DatabaseFault) in
            let rows = AccountRows(guard: try page.record(row, 1), factor: try page.bytes(row, 2))
            report.accounts += 1
            check(rows, id)
            return step()
        }
        try view.forEach(CheckStatements.loneFactors) { _, _, id throws(DatabaseFault) in
            report.accounts += 1
            report.add(problem: "factor \(Hex.encode(Parameter.uuid(id))): its guard is gone")
            return step()
        }
    }

    private mutating func check(_ rows: AccountRows, _ id: RecordID) {
        do throws(RecordFault) {
            guard rows.factor != nil else {
                _ = try rows.openGuard(Parameter.uuid(id), seal)
                return
            }
            let name = try rows.account(id, seal).name
            found[name.app] += 1
            if RecordID(name, indexKey: seal.keys.preparedIndex) != id { throw .malformed }
        } catch {
            report.add(problem: "account \(Hex.encode(Parameter.uuid(id))): \(error)")
        }
    }

    private mutating func checkCounts() throws(DatabaseFault) {
        guard !job.isCancelled else { return }
        switch try AppRow.counts(view.all(LookStatements.apps.with()), seal) {
        case .success(let counts):
            if counts != found { report.add(problem: "the numbers of accounts are wrong") }
        case .failure(let fault): report.add(problem: "the name of an app: \(fault)")
        }
    }

    private mutating func checkBuckets() throws(DatabaseFault) {
        try view.forEach(LookStatements.buckets) { page, row, id throws(DatabaseFault) in
            let sealed = try page.record(row, 1)
            do throws(RecordFault) {
                report.limits += try BucketRow.open(sealed, id, seal).entries.count
            } catch {
                report.add(problem: "limits \(Hex.encode(Parameter.uuid(id))): \(error)")
            }
            return step()
        }
    }
}
