// Changes the key that seals records, while the store runs. A new key seals from now on. What older
// keys have sealed is re-sealed in small steps. Then the old keys go, once nothing in the tables or
// in the log needs them. A crash loses no step.

import Accounts
import CLMDB
import Secrets
import Store

final class RecordRotation: Sendable {
    /// Bytes sealed anew in one transaction: a block of events has up to 16 KiB.
    private static let bytesPerStep = 1 << 20
    /// Records looked at for each that is sealed anew; nothing waits for that.
    private static let looksPerRecord = 64

    private struct State {
        /// Nil when there is nothing to change.
        var progress: RotationProgress?
        /// Records that this pass has sealed anew; nil when it did not begin at the first record.
        var sealedInPass: Int?
        /// The last frame of the log that an older key may have sealed; nil while nobody knows.
        var lastOldFrame: UInt64?
        /// Tells how far this pass has come.
        var job: Job?
    }

    private let environment: LMDBEnvironment
    private let tables: Tables
    private let keys: StoreKeys
    /// Sealed anew in one transaction. A fold waits that long: about 256 records lie on a few dozen
    /// pages, since they are taken in the order of their keys.
    private let recordsPerStep: Int
    private let state: Locked<State>
    private let ended = Locked<(@Sendable () -> Void)?>(nil)

    init(
        _ environment: LMDBEnvironment, _ tables: Tables, _ keys: StoreKeys,
        _ progress: RotationProgress?, recordsPerStep: Int
    ) {
        (self.environment, self.tables, self.keys) = (environment, tables, keys)
        self.recordsPerStep = recordsPerStep
        state = Locked(State(progress: progress, job: progress.map { _ in Job(Self.jobName) }))
    }

    /// Nil when no change is under way.
    var progress: RotationProgress? { state.withLock { $0.progress } }

    var job: Job? { state.withLock { $0.job } }
    /// As the operation that begins it.
    private static let jobName = "rotate_key"

    /// Frames behind `last` are sealed by the newest key.
    func logChanged(after last: UInt64) { state.withLock { $0.lastOldFrame = last } }

    /// Makes a new record key, durably; it seals from now on. Throws `KeyFault.isChanging` when the
    /// change before has not come to its end.
    func begin() throws -> KeyID {
        try keys.changing { ring in
            let old = keys.seal.keys
            guard !old.hasOlderRecordKeys else { throw KeyFault.isChanging }
            let seal = RecordSeal(keys: old.withNewRecordKey())
            let progress = RotationProgress()
            try environment.write { transaction in
                try Meta.putKeys(seal.keys, keys.wrapper(in: ring), transaction, tables)
                try Meta.putRotation(progress, transaction, tables, seal)
                return ((), isCommitted: true)
            }
            state.withLock { $0 = State(progress: progress, job: Job(Self.jobName)) }
            keys.publish(seal)
            return seal.keys.records[0].id
        }
    }

    /// Does a little. Returns whether there is more to do at once; if not, a fold may bring some.
    func step() throws -> Bool {
        guard var progress else { return false }
        guard progress.isLogClear else { return try clearLog(progress) }
        if progress.cursor == .start { try beginPass() }

        let found = try environment.read { try find(from: progress.cursor, $0) }
        progress.done += UInt64(found.looks)
        progress.cursor = found.next ?? .start
        let sealed = found.keys.isEmpty ? 0 : try reseal(found, progress)

        let isClean = state.withLock { state in
            state.sealedInPass? += sealed
            state.job?.advance(by: found.looks)
            if found.next == nil { progress.done = 0 }
            state.progress = progress
            return state.sealedInPass == 0
        }
        if found.next == nil, isClean {
            try finish()
            return false
        }
        return true
    }

    private func beginPass() throws {
        let total = try environment.read { transaction in
            try RecordCursor.tables.reduce(0) { try $0 + transaction.count(tables[$1]) }
        }
        let job = Job(Self.jobName)
        job.expect(total)
        state.withLock { state in
            state.sealedInPass = 0
            state.job = job
        }
    }

    /// Has `body` called after each change that has come to its end.
    func whenEnded(_ body: @escaping @Sendable () -> Void) { ended.withLock { $0 = body } }

    // MARK: The log

    /// Waits until all that older keys have sealed in the log is in the tables.
    private func clearLog(_ progress: RotationProgress) throws -> Bool {
        guard let last = state.withLock({ $0.lastOldFrame }) else { return false }
        let isClear = try environment.write { transaction in
            let seal = keys.seal
            let mark = try Meta.mark(transaction, tables, seal) ?? .none
            guard mark.folded.sequence >= last else { return (false, isCommitted: false) }
            var progress = progress
            progress.isLogClear = true
            try Meta.putRotation(progress, transaction, tables, seal)
            return (true, isCommitted: true)
        }
        if isClear { state.withLock { $0.progress?.isLogClear = true } }
        return isClear
    }

    // MARK: The tables

    struct Found {
        let table: Table
        var keys: [[UInt8]] = []
        var looks = 0
        /// Nil behind the last record.
        var next: RecordCursor?
    }

    /// Looks for records of one table that another than the newest key has sealed.
    func find(
        from cursor: RecordCursor, _ transaction: borrowing Transaction
    ) throws -> Found {
        let newest = keys.seal.keys.records[0].id
        var found = Found(table: cursor.table, next: cursor.nextTable)
        var bytes = 0
        try cursor.key.withUnsafeBytes { start in
            try transaction.scan(tables[cursor.table], from: start, .forward) { key, sealed in
                guard found.keys.count < recordsPerStep, bytes < Self.bytesPerStep,
                    found.looks < Self.looksPerRecord * recordsPerStep
                else {
                    // One that is longer by damage is behind that as well.
                    let least = key.prefix(cursor.table.keyBytes)
                    found.next = RecordCursor(table: cursor.table, key: Array(least))
                    return false
                }
                found.looks += 1
                // What has another key is no record; a check tells of it.
                guard key.count == cursor.table.keyBytes else { return true }
                if RecordSeal.keyID(of: sealed) != newest {
                    found.keys.append(Array(key))
                    bytes += sealed.count
                }
                return true
            }
        }
        return found
    }

    /// Seals records anew, as they are by now. Returns how many; those that do not open stay.
    func reseal(_ found: Found, _ progress: RotationProgress) throws -> Int {
        let seal = keys.seal
        let newest = seal.keys.records[0].id
        return try environment.write { transaction in
            var count = 0
            for key in found.keys {
                try key.withBytes { key in
                    guard let old = try transaction.find(tables[found.table], key),
                        RecordSeal.keyID(of: old) != newest
                    else { return }
                    guard let new = seal.resealed(old, in: found.table, at: key) else {
                        return transaction.trees.damage.note(at: key, in: found.table)
                    }
                    try new.withBytes { try transaction.put(tables[found.table], key, $0) }
                    count += 1
                }
            }
            if count > 0 { try Meta.putRotation(progress, transaction, tables, seal) }
            return (count, isCommitted: count > 0)
        }
    }

    /// A whole pass found nothing that needs the older keys: they go.
    private func finish() throws {
        try keys.changing { ring in
            let old = keys.seal
            let new = RecordSeal(keys: old.keys.withoutOlderRecordKeys())
            try environment.write { transaction in
                try Meta.deleteRotation(transaction, tables)
                try Meta.reseal(transaction, tables, old)
                try Meta.putKeys(new.keys, keys.wrapper(in: ring), transaction, tables)
                return ((), isCommitted: true)
            }
            state.withLock { $0 = State() }
            keys.publish(new)
        }
        ended.withLock { $0 }?()
    }
}
