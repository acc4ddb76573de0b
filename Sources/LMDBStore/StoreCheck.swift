// Opens every record of a snapshot and follows the chain of events. It must look at all of it, and
// name records by their key only.

import Accounts
import CLMDB
import Secrets
import Store

struct StoreCheck {
    let tables: Tables
    let seal: RecordSeal

    func run(_ transaction: borrowing Transaction) throws -> CheckReport {
        var report = CheckReport()
        try checkAccounts(transaction, &report)
        try checkEvents(transaction, &report)
        return report
    }

    private func checkAccounts(
        _ transaction: borrowing Transaction, _ report: inout CheckReport
    ) throws {
        try transaction.forEach(tables.factors) { key, sealed in
            let hasGuard = try transaction.get(tables.guards, key) { $0 != nil }
            if !hasGuard { report.add(problem: "factor \(Hex.encode(key)): its guard is gone") }
            do {
                let plain = try seal.open(
                    sealed, version: AccountRecord.version, in: .factors, at: key)
                let account = try plain.withBytes { bytes throws(RecordFault) in
                    try AccountRecord.decodeFactor(bytes)
                }
                let id = AccountID(account.name, indexKey: seal.keys.index)
                if RecordKey(id).withBytes({ !$0.elementsEqual(key) }) {
                    report.add(problem: "factor \(Hex.encode(key)): it belongs to another key")
                }
            } catch {
                report.add(problem: "factor \(Hex.encode(key)): \(error)")
            }
        }
        try transaction.forEach(tables.guards) { key, sealed in
            report.accounts += 1
            do {
                let reader = AccountReader(tables: tables, seal: seal)
                let isWithFactor = try reader.openGuard(sealed, key).hasFactorRecord
                let hasFactor = try transaction.get(tables.factors, key) { $0 != nil }
                if isWithFactor != hasFactor {
                    let what = hasFactor ? "it knows nothing of its factor" : "its factor is gone"
                    report.add(problem: "guard \(Hex.encode(key)): \(what)")
                }
            } catch let fault as RecordFault {
                report.add(problem: "guard \(Hex.encode(key)): \(fault)")
            }
        }
    }

    private func checkEvents(
        _ transaction: borrowing Transaction, _ report: inout CheckReport
    ) throws {
        var chain = EventChain()
        try transaction.forEach(tables.events) { key, sealed in
            do {
                let plain = try seal.open(
                    sealed, version: EventRecord.version, in: .events, at: key)
                plain.withBytes { chain.follow($0, &report) }
            } catch let fault as RecordFault {
                report.add(problem: "event \(Hex.encode(key)): \(fault)")
            }
        }
        if let head = try Meta.head(transaction, tables, seal) {
            chain.end(at: head, &report)
        } else {
            report.add(problem: "the record of where the chain ends does not open")
        }
    }
}
