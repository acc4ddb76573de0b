// Opens every record of a store, in LMDB and in its log, and follows the chain of events. Its
// problems name records by their keys, and never users.

import Accounts
import CLMDB
import Secrets
import Store

struct StoreCheck {
    private let path: String
    private let environment: LMDBEnvironment
    private let tables: Tables
    private let ring: KeyRing
    private let isOwn: Bool
    private let job: Job
    private let anchor: ChainAnchor?

    /// - Parameter isOwn: see `StoreView.read`.
    init(
        path: String, _ environment: LMDBEnvironment, _ tables: Tables, _ ring: KeyRing,
        isOwn: Bool = false, _ job: Job, through anchor: ChainAnchor? = nil
    ) {
        self.isOwn = isOwn
        self.path = path
        self.environment = environment
        self.tables = tables
        self.ring = ring
        self.job = job
        self.anchor = anchor
    }

    func run() throws(StoreFault) -> CheckReport {
        var report = CheckReport()
        do {
            return try StoreView.read(path, environment, tables, ring, isOwn: isOwn) {
                try run($0, $1)
            }
        } catch let refusal as LogRefusal {
            report.add(problem: refusal.text)
        } catch let refusal as OpeningRefusal {
            report.add(problem: refusal.description)
        } catch is CancellationError {
            report.addCancelled()
        } catch let fault as LMDBFault {
            throw fault.storeFault(isDiskFull: false)
        } catch let fault as StoreFault {
            throw fault
        } catch {
            throw .broken("\(error)")
        }
        return report
    }

    private func run(_ view: StoreView, _ transaction: borrowing Transaction) throws -> CheckReport
    {
        var report = CheckReport()
        try PageCheck(trees: transaction.trees).run(&report)
        let seal = view.contents.seal
        let expected = try transaction.count(tables.guards) + transaction.count(tables.events)
        job.expect(expected + view.laps.reduce(0) { $0 + $1.recordCount })
        var accounts = AccountCheck(tables: tables, seal: seal, laps: view.laps, job: job)
        try accounts.run(transaction, &report)
        if view.contents.isCounted {
            try AccountCountCheck(
                table: AccountCountTable(tables: tables, seal: seal, laps: view.laps),
                found: accounts.found, unreadable: accounts.unreadable
            ).run(transaction, &report)
        }
        try LimitCheck(tables: tables, seal: seal, laps: view.laps, job: job)
            .run(transaction, &report)
        try checkSet(view, transaction, &report)
        var chain = EventChain(after: view.contents.tail, through: anchor)
        try view.forEachEventRecord(transaction, damage: { _ in }) { key, sealed in
            guard let sealed else {
                return report.add(problem: "event \(Hex.encode(key)): it is empty")
            }
            let before = report.problemCount
            try follow(key, sealed, seal, &chain, &report)
            if report.problemCount > before { transaction.trees.damage.note(at: key, in: .events) }
        }
        chain.end(at: view.head, &report)
        return report
    }

    private func checkSet(
        _ view: StoreView, _ transaction: borrowing Transaction, _ report: inout CheckReport
    ) throws {
        let finding = try RecordSetScan.finding(view.contents, transaction, tables, job)
        guard finding == .older else { return }
        report.add(
            problem: "records of accounts, limits or apps are not those that were written last: "
                + "somebody put one back to what it was, or removed one")
    }

    private func follow(
        _ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer, _ seal: RecordSeal,
        _ chain: inout EventChain, _ report: inout CheckReport
    ) throws {
        try job.step()
        let version = RecordSeal.version(of: sealed)
        do throws(RecordFault) {
            let plain = try seal.open(sealed, version: version, in: .events, at: key)
            plain.withBytes { chain.follow($0, version: version, &report) }
        } catch {
            report.add(problem: "event \(Hex.encode(key)): \(error)")
        }
    }
}
