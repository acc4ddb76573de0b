// The engine on LMDB: sealed records, one transaction and one commit for each batch. It must never
// return before what it kept would survive power loss, nor keep a part of a batch.

import Accounts
import CLMDB
import Glibc
import Secrets
import Store

package final class LMDBStore: AccountStore, @unchecked Sendable {
    // Unchecked, because `log`, `batch` and `head` are used by `apply` alone, which only the writer
    // lane calls; what other threads use does not change.
    private let log: Log
    private let batch: Batch
    private var head: EventHead
    private let snapshot: Snapshot
    private let folder: Folder

    private let environment: Environment
    private let directory: StateDirectory
    private let tables: Tables
    private let seal: RecordSeal

    /// Virtual address space, not disk: a full disk answers first (ENOSPC), as it should.
    package static let mapBytes = 256 << 30

    /// Opens the store in `path`, and makes it when there is none.
    package init(
        path: String, ring: KeyRing, mapBytes: Int = LMDBStore.mapBytes,
        logSize: LogSize = .standard
    ) throws(OpeningRefusal) {
        let files = try StoreFiles(path: path, ring: ring, mapBytes: mapBytes, isReadOnly: false)
        (directory, environment, tables) = (files.directory, files.environment, files.tables)
        seal = files.contents.seal
        do {
            let segments = try LogSegment.paths(in: path).map { path throws(LogFault) in
                try LogSegment(path: path, size: logSize.bytesMin)
            }
            try environment.synchronize()
            try directory.synchronize()
            let recovered = try LogRecovery(segments, seal, files.contents.mark)
            head = recovered.laps.last?.last?.head ?? files.contents.head
            try files.refuseEvents(after: head)
            snapshot = try environment.snapshot()
            let fold = Fold(
                environment: environment, tables: tables, seal: seal, size: logSize)
            folder = Folder { [directory] lap in fold.fault(of: lap, directory) }
            log = Log(recovered, size: logSize, folder: folder)
            batch = Batch(tables: tables, seal: seal)
        } catch {
            files.environment.close()
            throw OpeningRefusal(error, path: path)
        }
        do {
            try leaveMark()
        } catch {
            close()
            throw OpeningRefusal(error, path: path)
        }
    }

    /// Writes an empty frame, and notes in LMDB that the log has reached it: a log that is lost, or
    /// older than that, is noticed by the next start. Where there is no room for either, there is
    /// none to lose something new in.
    private func leaveMark() throws {
        do {
            batch.begin(head)
            try log.append(batch.frame, head, batch.changed)
            try note(reached: log.last)
        } catch StoreFault.full {
            return
        }
    }

    private func note(reached: LogFrameID) throws {
        do {
            try environment.write { transaction in
                guard let mark = try Meta.mark(transaction, tables, seal) else {
                    throw OpeningRefusal.canary
                }
                let new = LogMark(folded: mark.folded, reached: reached)
                try Meta.putMark(new, transaction, tables, seal)
                return ((), isCommitted: true)
            }
        } catch let fault as LMDBFault {
            throw fault.storeFault(isDiskFull: directory.isFull)
        }
    }

    /// Folds the log and closes the environment; the lane must have ended. Returns why something
    /// is left in the log: nothing is lost by that, the next start takes it up.
    @discardableResult
    package func close() -> StoreFault? {
        var left: StoreFault?
        do {
            try log.foldAll()
            // From here on the log may be taken away.
            try note(reached: .none)
        } catch let fault as StoreFault {
            left = fault
        } catch {
            left = .broken("\(error)")
        }
        folder.stop()
        snapshot.end()
        environment.close()
        directory.unlock()
        return left
    }

    package func id(of name: AccountName) -> AccountID {
        AccountID(name, indexKey: seal.keys.preparedIndex)
    }

    package func hash(backupCode canonical: [UInt8], salt: [UInt8]) -> [UInt8] {
        canonical.withUnsafeBytes { seal.keys.hashBackupCode($0, salt: salt) }
    }

    package func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        try log.collect()
        let results: [ChangeResult]
        do {
            results = try snapshot.read { transaction in
                batch.begin(head)
                return try batch.apply(changes, log, transaction)
            }
        } catch let fault as LMDBFault {
            throw fault.storeFault(isDiskFull: directory.isFull)
        } catch {
            preconditionFailure("only LMDB throws inside a batch, not \(type(of: error))")
        }
        if !batch.isEmpty {
            batch.endEvents()
            try log.append(batch.frame, batch.head, batch.changed)
            head = batch.head
        }
        return results
    }

    /// Looks at what is on the disk, as another process would: it may be called from any thread.
    package func check(_ job: Job) throws(StoreFault) -> CheckReport {
        try StoreCheck(path: directory.path, environment, tables, seal, job).run()
    }
}

/// A store that is only looked at, while a daemon may be serving from it.
package final class LMDBStoreReader {
    private let files: StoreFiles

    package init(path: String, ring: KeyRing) throws(OpeningRefusal) {
        files = try StoreFiles(
            path: path, ring: ring, mapBytes: LMDBStore.mapBytes, isReadOnly: true)
    }

    package func close() { files.environment.close() }

    package func check() throws(StoreFault) -> CheckReport {
        try StoreCheck(
            path: files.directory.path, files.environment, files.tables, files.contents.seal,
            Job("check")
        ).run()
    }
}
