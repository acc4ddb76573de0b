// Opens every record of a store, in LMDB and in its log, and follows the chain of events. It must
// look at all of it, and name records by their key only.
//
// It reads the files as another process would, because it may be one, beside a daemon that goes on
// writing: a snapshot of LMDB first, then a copy of the log, which has all that is beyond it.

import Accounts
import CLMDB
import Secrets
import Store

struct StoreCheck {
    private let path: String
    private let environment: Environment
    private let tables: Tables
    private let ring: KeyRing
    private let job: Job
    /// How often the log is read again when it seems not to fit the snapshot.
    private static let triesMax = 20

    init(
        path: String, _ environment: Environment, _ tables: Tables, _ ring: KeyRing, _ job: Job
    ) {
        self.path = path
        self.environment = environment
        self.tables = tables
        self.ring = ring
        self.job = job
    }

    func run() throws(StoreFault) -> CheckReport {
        // A daemon may have written over what was folded meanwhile, or appended while we looked. A
        // log that does not fit twice in the same way does not fit.
        var refusal: LogRefusal?
        for _ in 0..<Self.triesMax {
            do {
                return try environment.read { try run($0) }
            } catch let again as LogRefusal where again != refusal {
                refusal = again
            } catch let same as LogRefusal {
                var report = CheckReport()
                report.add(problem: same.text)
                return report
            } catch is CancellationError {
                var report = CheckReport()
                report.addCancelled()
                return report
            } catch let refusal as OpeningRefusal {
                var report = CheckReport()
                report.add(problem: refusal.description)
                return report
            } catch let fault as LMDBFault {
                throw fault.storeFault(isDiskFull: false)
            } catch {
                throw .broken("\(error)")
            }
        }
        throw .broken("the log changes faster than it can be read")
    }

    private func run(_ transaction: borrowing Transaction) throws -> CheckReport {
        var report = CheckReport()
        // The keys as this snapshot has them: a daemon may be changing them.
        guard let contents = try Meta.load(transaction, tables, ring) else {
            throw OpeningRefusal.noStore
        }
        let seal = contents.seal
        let segments = try LogSegment.paths(in: path).compactMap { path throws(LogFault) in
            try LogSegment(copyOf: path)
        }
        let laps = try LogRecovery(segments, seal, contents.mark).laps
        let expected = try transaction.count(tables.guards) + transaction.count(tables.events)
        job.expect(expected + laps.reduce(0) { $0 + $1.places.count })
        try AccountCheck(tables: tables, seal: seal, laps: laps, job: job)
            .run(transaction, &report)
        try checkEvents(transaction, contents, laps, &report)
        return report
    }

    private func checkEvents(
        _ transaction: borrowing Transaction, _ contents: Meta.Contents, _ laps: [LogLap],
        _ report: inout CheckReport
    ) throws {
        let seal = contents.seal
        var chain = EventChain(after: contents.tail)
        try transaction.forEach(tables.events) { try follow($0, $1, seal, &chain, &report) }
        for lap in laps {
            var events = try EventPlaces(lap)
            while let event = try events.next() {
                // A fold that has not come to its end has some of them in LMDB already.
                guard EventPlaces.sequence(event.key) > chain.lastSequence else { continue }
                guard let sealed = event.place.record(in: lap.bytes) else {
                    report.add(problem: "event \(Hex.encode(event.key)): it is empty")
                    continue
                }
                try follow(event.key, sealed, seal, &chain, &report)
            }
        }
        chain.end(at: laps.last?.last?.head ?? contents.head, &report)
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
