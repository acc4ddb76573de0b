// The engine on LMDB and a log of its own. Each batch is one frame of the log, and is folded into
// LMDB later. `apply` returns when the batch would survive a power cut, `write` before that.

import Accounts
import CLMDB
import Glibc
import Secrets
import Store

package final class LMDBStore: AccountStore, @unchecked Sendable {
    // Unchecked, because `log`, `batch`, `head`, `generation`, `lastOldFrame` and `snapshot` are
    // used on the writer lane alone, but for what `log` guards; `counting` is set before anybody
    // has the store; what other threads use guards itself.
    let log: WriteAheadLog
    private var batch: Batch
    private var head: EventHead
    /// Of the keys that `batch` seals with.
    private var generation = 0
    /// Of the log; older keys than the newest may have sealed it and those before it.
    private var lastOldFrame: UInt64 = 0
    private let snapshot: Snapshot
    private let foldThread: FoldThread
    let chores: BackgroundThread
    /// Has the lane apply no changes.
    let due: Locked<(@Sendable () -> Void)?>
    let reach: LogReachNote
    let set: RecordSetWatch

    let environment: LMDBEnvironment
    let directory: StateDirectory
    let tables: Tables
    let keys: StoreKeys
    let records: RecordRotation
    let retention: Retention
    package let clockWatch: ClockWatch
    /// These never change.
    private let names: DataKeys
    private let usedBefore: UsedBefore
    /// What the log ended with when it opened, if that does not open; nil as a rule.
    package let brokenFrame: BrokenFrame?
    /// What the last page of the events had lost when it opened; nil as a rule.
    package let lostEvents: LostEvents?
    /// What was counted when it opened; nil as a rule, when the numbers were there.
    package private(set) var counting: AccountCountRepair?

    /// Virtual address space, not disk: a full disk answers first (ENOSPC), as it should.
    package static let mapBytes = 256 << 30

    /// Opens the store in `path`, and makes it when there is none.
    ///
    /// - Parameters:
    ///   - now: up to then steps are used whose use the log may have lost.
    ///   - epochs: of the host, which is not asked for them when nil.
    package init(
        path: String, ring: KeyRing, at now: Instant, mapBytes: Int = LMDBStore.mapBytes,
        logSize: LogSize = .standard, epochs: HostEpochs? = nil
    ) throws(OpeningRefusal) {
        let files = try StoreFiles(path: path, ring: ring, mapBytes: mapBytes, isReadOnly: false)
        (directory, environment, tables) = (files.directory, files.environment, files.tables)
        let found = files.contents
        let keys = StoreKeys(ring, found.seal, wrappedBy: found.master)
        let rotation = RecordRotation(
            environment, tables, keys, found.rotation, recordsPerStep: logSize.accountsPerStep)
        (self.keys, records, names) = (keys, rotation, found.seal.keys)
        environment.keeper.withLock { [tables] in $0 = StateKeeper(tables: tables) { keys.seal } }
        do {
            guard epochs?.accept(found.epoch) ?? true else { throw OpeningRefusal.otherEpoch }
            let recovered = try RecoveredStore(files, segmentBytes: logSize.bytesMin, at: now)
            (head, lostEvents) = (recovered.head, recovered.lostEvents)
            (usedBefore, brokenFrame) = (recovered.usedBefore, recovered.brokenFrame)
            clockWatch = ClockWatch(recovered.moments)
            retention = Retention(environment, tables, keys, clockWatch)
            snapshot = try environment.snapshot()
            let fold = Fold(
                environment: environment, tables: tables, keys: keys, retention: retention,
                size: logSize)
            let due = Locked<(@Sendable () -> Void)?>(nil)
            self.due = due
            reach = LogReachNote(environment, tables, keys) { due.withLock { $0 }?() }
            set = RecordSetWatch(environment, tables, keys)
            chores = Self.chores(rotation, retention, reach, set, directory)
            foldThread = FoldThread { [directory, chores] lap, note in
                defer { chores.poke() }
                return fold.fold(lap, directory, note)
            }
            let carry = LogCarry(keys: keys) { [directory] in fold.finish($0, directory) }
            log = WriteAheadLog(
                recovered.log, head, size: logSize, foldThread: foldThread, carry: carry)
            batch = Batch(
                tables: tables, seal: found.seal, usedBefore: usedBefore, counts: AccountCounts())
        } catch {
            files.environment.close()
            throw OpeningRefusal(error, path: path)
        }
        do {
            try noteStart(found, epochs)
        } catch {
            close()
            throw OpeningRefusal(error, path: path)
        }
    }

    /// What a start writes before anything is answered.
    private func noteStart(_ found: Meta.Contents, _ epochs: HostEpochs?) throws {
        try takeCounts(isCounted: found.isCounted)
        try clearLogForRotation()
        try leaveMark()
        try take(epochs?.next, insteadOf: found.epoch)
    }

    private static func chores(
        _ rotation: RecordRotation, _ retention: Retention, _ reach: LogReachNote,
        _ set: RecordSetWatch, _ directory: StateDirectory
    ) -> BackgroundThread {
        BackgroundThread { () throws(StoreFault) in
            do {
                try set.step()
                // A page that is damaged keeps a change of keys from its end, and nothing else.
                let isMore = Result { try rotation.step() }
                if try retention.step() { return .brief }
                if try isMore.get() { return .brief }
                // A store that nobody serves from is closed before anything could be cut.
                guard let rest = retention.rest else { return .long(atMost: nil) }
                return .long(atMost: min(rest, try reach.step(at: .now)))
            } catch {
                throw StoreFault(error, directory)
            }
        }
    }

    private func takeCounts(isCounted: Bool) throws {
        let start = AccountCountRecovery(
            environment: environment, directory: directory, tables: tables, keys: keys)
        let counts: AccountCounts
        (counts, counting) = try start.counts(log, isCounted: isCounted)
        batch = Batch(tables: tables, seal: keys.seal, usedBefore: usedBefore, counts: counts)
    }

    /// A change of record keys that was cut short before the log was clear of older keys: it is
    /// cleared now, when nobody waits yet.
    private func clearLogForRotation() throws(StoreFault) {
        guard let progress = records.progress else { return }
        do throws(StoreFault) {
            if !progress.isLogClear { try log.foldAll() }
        } catch {
            // No room, or a damaged page: the next switch of the log will do.
            guard error.mayPass else { throw error }
            log.requestSwitch()
        }
        lastOldFrame = log.last.sequence
        records.logChanged(after: lastOldFrame)
        chores.poke()
    }

    /// Writes an empty frame, and notes in LMDB that the log has reached it: a log that is lost, or
    /// older than that, is noticed by the next start. Where there is no room for either, there is
    /// none to lose something new in.
    private func leaveMark() throws {
        do {
            batch.begin(head)
            try log.append(batch.frame, head, batch.changed)
            try log.flushAll()
            try note(reached: log.last)
        } catch StoreFault.full {
            return
        }
    }

    /// Folds the log and closes the environment; the lane must have ended. Returns why something
    /// is left in the log: nothing is lost by that, the next start takes it up.
    @discardableResult
    package func close() -> StoreFault? {
        var left: StoreFault?
        set.stop()
        chores.stop()
        do {
            try log.foldAll()
            try retention.keepMoments(movedBy: .minutes(1))
            // From here on the log may be taken away, unless some of it has no other place.
            if log.active.isEmpty {
                try note(reached: .none)
            } else {
                left = .unreadable("pages are damaged where records of the log belong")
            }
        } catch let fault as StoreFault {
            left = fault
        } catch {
            left = .broken("\(error)")
        }
        foldThread.stop()
        log.flushes.stop()
        snapshot.end()
        environment.close()
        directory.unlock()
        return left
    }

    package func id(of name: AccountName) -> RecordID {
        RecordID(name, indexKey: names.preparedIndex)
    }

    package func address(of key: LimitKey) -> LimitAddress {
        LimitAddress(key, indexKey: names.preparedIndex)
    }

    package func hash(backupCode canonical: [UInt8], salt: [UInt8]) -> [UInt8] {
        canonical.withUnsafeBytes { names.hashBackupCode($0, salt: salt) }
    }

    package func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        let results = try decide(changes)
        try log.flushAll()
        return results
    }

    package func write(_ changes: [Change]) throws(StoreFault) -> Written {
        let results = try decide(changes)
        try log.flushes.flush()
        return Written(results: results, position: log.last.sequence)
    }

    /// Decides, and appends what is to be kept.
    func decide(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        try chores.collect()
        try log.collect()
        reach.saw(log.last, flushed: log.flushes.flushed)
        try takeNewKeys()
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
        // An empty frame begins the other segment, and what older keys have sealed is folded.
        if !batch.isEmpty || changes.isEmpty && log.isSwitchWanted {
            batch.end()
            try log.append(batch.frame, batch.head, batch.changed)
            head = batch.head
        }
        batch.commit()
        return results
    }

    /// For looks.
    var counts: AccountCounts { batch.counts }
    var chainEnd: EventHead { head }
    var omittedEvents: Int { batch.budgets.omitted }
    var omissions: EventBudgets { batch.budgets }

    /// Lends what is in the store now, to a look on the lane, and the seal that opens it.
    ///
    /// What a look meets is no reason to end the process: the next batch will meet it as well, if
    /// it matters.
    func look<Found>(
        _ body: (borrowing Transaction, WriteAheadLog, RecordSeal) throws -> Found
    ) throws(StoreFault) -> Found {
        do {
            try takeNewKeys()
            return try snapshot.read { try body($0, log, keys.seal) }
        } catch {
            throw StoreFault(error, directory)
        }
    }

    package func whenDue(_ body: @escaping @Sendable () -> Void) { due.withLock { $0 = body } }

    /// Seals with the newest key from here on, and has the log switch, so that what older keys have
    /// sealed gets into LMDB.
    private func takeNewKeys() throws(StoreFault) {
        guard let seal = keys.newer(than: &generation) else { return }
        // Where older keys are gone, all that they had sealed is in LMDB. The log may not have let
        // go of it yet: the fold thread tells LMDB of its end before it tells the log.
        try log.letGo(upTo: lastOldFrame)
        batch = Batch(
            tables: tables, seal: seal, usedBefore: usedBefore, counts: batch.counts,
            budgets: batch.budgets)
        guard seal.keys.hasOlderRecordKeys else { return }
        lastOldFrame = log.last.sequence
        records.logChanged(after: lastOldFrame)
        log.requestSwitch()
        chores.poke()
    }

    /// Looks at what is on the disk, as another process would: it may be called from any thread.
    package func check(
        _ job: Job, through anchor: ChainAnchor?
    ) throws(StoreFault) -> CheckReport {
        try StoreCheck(
            path: directory.path, environment, tables, keys.ring, isOwn: true, job,
            through: anchor
        ).run()
    }
}
