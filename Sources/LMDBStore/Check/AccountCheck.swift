// Opens every account's records as the daemon would find them: in the log, and otherwise in LMDB.

import Accounts
import Secrets
import Store

struct AccountCheck {
    let tables: Tables
    let seal: RecordSeal
    /// In their order.
    let laps: [LogLap]
    let job: Job
    /// Accounts with a factor that opens, and those with one that does not.
    private(set) var found = AccountCounts()
    private(set) var unreadable = 0

    init(tables: Tables, seal: RecordSeal, laps: [LogLap], job: Job) {
        (self.tables, self.seal, self.laps, self.job) = (tables, seal, laps, job)
    }

    mutating func run(_ transaction: borrowing Transaction, _ report: inout CheckReport) throws {
        for database in [tables.guards, tables.factors] {
            // Which pages are damaged, `PageCheck` says; how many accounts they have, nobody.
            try transaction.forEach(database, damage: { _ in unreadable += Int(Int32.max) }) {
                key, _ in
                guard key.count == 16 else {
                    return report.add(problem: "record \(Hex.encode(key)): it is no account's")
                }
                // A factor without a guard has no other turn.
                let isGuard = database.handle == tables.guards.handle
                if !isGuard, try transaction.has(tables.guards, key) { return }
                try check(key, transaction, &report)
            }
        }
        for (index, lap) in laps.enumerated() {
            try lap.newest.accounts.forEach { id, _ in
                try RecordKey(id).withBytes { key in
                    let isInTables =
                        try transaction.has(tables.guards, key)
                        || transaction.has(tables.factors, key)
                    let isInEarlierLap = laps[..<index].contains { $0.newest.accounts[id] != .none }
                    if !isInTables, !isInEarlierLap { try check(key, transaction, &report) }
                }
            }
        }
    }

    private mutating func check(
        _ key: UnsafeRawBufferPointer, _ transaction: borrowing Transaction,
        _ report: inout CheckReport
    ) throws {
        try job.step()
        let before = report.problemCount
        defer {
            if report.problemCount > before {
                transaction.trees.damage.note(at: key, in: .factors)
            }
        }
        let id = RecordID(key)
        let logged = laps.reversed().reduce(LoggedRecords.nothing) { $0.or($1.records(of: id)) }
        let records: SealedRecords
        do throws(LMDBFault) {
            records = try SealedRecords(logged, tables, key, transaction)
        } catch {
            guard error.damage != nil else { throw error }
            transaction.trees.damage.note(error)
            return report.add(problem: "account \(Hex.encode(key)): \(error.text)")
        }
        guard records.factor != nil || records.guard != nil else { return }
        report.accounts += 1
        let mark = records.factor.map { checkFactor($0, id, key, &report) } ?? FactorMark.none
        guard let sealed = records.guard else {
            return report.add(problem: "factor \(Hex.encode(key)): its guard is gone")
        }
        do throws(RecordFault) {
            let found = try AccountReader(seal: seal).openGuard(sealed, key)
            if found.hasFactorRecord != (records.factor != nil) {
                let what =
                    found.hasFactorRecord ? "its factor is gone" : "it knows nothing of its factor"
                report.add(problem: "guard \(Hex.encode(key)): \(what)")
            } else if let mark,
                !found.belongs(to: mark, sealedAs: records.factor.map(RecordSeal.version))
            {
                report.add(
                    problem:
                        "guard \(Hex.encode(key)): the factor beside it is another one than it "
                        + "was written with; one of the two is older")
            }
        } catch {
            report.add(problem: "guard \(Hex.encode(key)): \(error)")
        }
    }

    /// Returns the record's mark; nil when it does not open.
    private mutating func checkFactor(
        _ sealed: UnsafeRawBufferPointer, _ id: RecordID, _ key: UnsafeRawBufferPointer,
        _ report: inout CheckReport
    ) -> FactorMark? {
        do throws(RecordFault) {
            let (account, mark) = try AccountReader(seal: seal).openFactor(sealed, key)
            let name = account.name
            found[name.app] += 1
            if RecordID(name, indexKey: seal.keys.preparedIndex) != id {
                report.add(problem: "factor \(Hex.encode(key)): it belongs to another key")
            }
            return mark
        } catch {
            unreadable += 1
            report.add(problem: "factor \(Hex.encode(key)): \(error)")
            return nil
        }
    }
}
