// The checkpoint: moves a lap of the log into LMDB. It writes the newest state of each account in
// the lap, about in the order of their keys, and the events. It works in steps of bounded size. It
// may be stopped anywhere and begun again, because the log counts until its last step.

import Accounts
import CLMDB
import Store

struct Fold: Sendable {
    /// Bytes of events in one transaction.
    static let eventBytesPerStep = 2 << 20

    let environment: LMDBEnvironment
    let tables: Tables
    let keys: StoreKeys
    let retention: Retention
    let size: LogSize

    /// Folds a lap, and makes its segment longer when it filled up early. Returns what went wrong.
    ///
    /// - Parameter note: see `FoldThread.Work`.
    func fold(
        _ lap: LogLap, _ directory: StateDirectory, _ note: (Double) -> Void
    ) -> StoreFault? {
        do {
            try run(lap, note)
        } catch let fault as LMDBFault {
            return fault.storeFault(isDiskFull: directory.isFull)
        } catch {
            return .broken("a frame of the log cannot be read (\(error))")
        }
        let length = lap.bytes.count
        guard lap.recordCount < size.accountsMax / 2, length < size.bytesMax else { return nil }
        do throws(LogFault) {
            try lap.segment.grow(to: min(2 * length, size.bytesMax))
        } catch {
            // Without room it stays as long as it got.
            return error.isFull ? nil : .broken(error.text)
        }
        return nil
    }

    /// Throws `LMDBFault`, or `RecordFault` for a frame that cannot be.
    func run(_ lap: LogLap, _ note: (Double) -> Void = { _ in }) throws {
        guard let last = lap.last else { return }
        try EventMend(environment: environment, tables: tables, seal: keys.seal)
            .run(at: retention.now)
        var account: Int? = 0
        var bucket = lap.newest.buckets.count > 0 ? 0 : nil as Int?
        var app = lap.newest.apps.count > 0 ? 0 : nil as Int?
        var events = try LoggedEvents(lap)
        var isDone = false
        var recordsTaken = 0
        lap.leftovers = Leftovers()
        while !isDone {
            try environment.write { transaction in
                var step = FoldStep(size)
                if let place = account {
                    account = try fold(lap, from: place, &step, transaction)
                } else if let place = bucket {
                    bucket = try fold(
                        lap, lap.newest.buckets, .limits, from: place, &step, transaction)
                } else if let place = app {
                    app = try fold(lap, lap.newest.apps, .apps, from: place, &step, transaction)
                }
                recordsTaken += step.records
                let brought = try fold(&events, lap.bytes, transaction)
                try retention.makeRoom(after: brought, transaction)
                isDone = account == nil && bucket == nil && app == nil && events.isEmpty
                // The newest by now: keys may have changed while this waited for its turn.
                let seal = keys.seal
                // With something left the log counts until that was taken over: `finish`.
                let isAll = isDone && lap.leftovers.isEmpty
                if isAll { try Meta.putHead(last.head, transaction, tables, seal) }
                try putMark(lap, last.id, isDone: isAll, seal, transaction)
                return ((), isCommitted: true)
            }
            note(Double(recordsTaken) / Double(max(lap.recordCount, 1)))
        }
    }

    /// Notes that a lap is folded whose leftovers are in the one behind it.
    func finish(_ lap: LogLap, _ directory: StateDirectory) -> StoreFault? {
        guard let last = lap.last else { return nil }
        do {
            try environment.write { transaction in
                let seal = keys.seal
                try Meta.putHead(last.head, transaction, tables, seal)
                try putMark(lap, last.id, isDone: true, seal, transaction)
                return ((), isCommitted: true)
            }
            return nil
        } catch {
            return StoreFault(error, directory)
        }
    }

    /// Puts a record, or keeps it for the log when the page where it belongs is damaged. Returns
    /// about how many pages that took.
    private func put(
        _ place: LogPlace, into target: borrowing FoldTable, _ table: Table, _ id: RecordID,
        of lap: LogLap
    ) throws -> Double {
        guard place.isSomewhere else { return 0 }
        do {
            return try RecordKey(id).withBytes { try target.put(place, $0, lap.bytes) }
        } catch let fault as LMDBFault {
            let leftover = Leftover(table: table, id: id, place: place)
            guard fault.damage != nil,
                lap.leftovers.add(leftover, of: lap, atMost: size.bytesOfLeftovers)
            else { throw fault }
            environment.note(fault)
            return 0
        }
    }

    /// From the first step on, the next lap must not be missing: what it holds was answered.
    private func putMark(
        _ lap: LogLap, _ last: LogFrameID, isDone: Bool, _ seal: RecordSeal,
        _ transaction: borrowing Transaction
    ) throws {
        let old = try Meta.mark(transaction, tables, seal) ?? .none
        let reached = [old.reached, lap.successor, isDone ? last : .none]
        let mark = LogMark(
            folded: isDone ? last : old.folded,
            reached: reached.max { $0.sequence < $1.sequence } ?? old.reached)
        try Meta.putMark(mark, transaction, tables, seal)
    }

    /// Folds the accounts of a step. Returns where the next one begins.
    private func fold(
        _ lap: LogLap, from place: Int, _ step: inout FoldStep,
        _ transaction: borrowing Transaction
    ) throws -> Int? {
        let factors = try FoldTable.open(tables.factors, for: lap.newest.accounts, transaction)
        let guards = try FoldTable.open(tables.guards, for: lap.newest.accounts, transaction)
        return try lap.newest.accounts.forEach(from: place) { id, places in
            let pages =
                try put(places.factor, into: factors, .factors, id, of: lap)
                + put(places.guard, into: guards, .guards, id, of: lap)
            step.note(pages: pages)
            return step.isOpen
        }
    }

    /// The same for what has one record each: buckets of limits, and apps.
    private func fold(
        _ lap: LogLap, _ all: LogIndex, _ table: Table, from place: Int,
        _ step: inout FoldStep, _ transaction: borrowing Transaction
    ) throws -> Int? {
        let target = try FoldTable.open(tables[table], for: all, transaction)
        return try all.forEach(from: place) { id, places in
            step.note(pages: try put(places.one, into: target, table, id, of: lap))
            return step.isOpen
        }
    }

    /// Returns how many bytes of events it has brought.
    private func fold(
        _ events: inout LoggedEvents, _ bytes: UnsafeRawBufferPointer,
        _ transaction: borrowing Transaction
    ) throws -> Int {
        let last = try transaction.lastKey(tables.events) { $0.map(LoggedEvents.sequence) } ?? 0
        // A lap may begin with frames that were folded: what is lost of those stays lost.
        let known = try Meta.head(transaction, tables, keys.seal)?.sequence ?? 0
        var folded = 0
        while folded < Self.eventBytesPerStep, let event = try events.next() {
            guard let record = event.place.record(in: bytes), !record.isEmpty else {
                throw RecordFault.malformed
            }
            folded += record.count
            let sequence = LoggedEvents.sequence(event.key)
            guard sequence <= last else {
                try transaction.append(tables.events, event.key, record)
                continue
            }
            guard sequence > known else { continue }
            try foldAgain(event.key, record, transaction)
        }
        return folded
    }

    /// An earlier fold came this far and was stopped. What was lost since is put anew, unless its
    /// page is damaged by now: then those who read the events are told.
    private func foldAgain(
        _ key: UnsafeRawBufferPointer, _ record: UnsafeRawBufferPointer,
        _ transaction: borrowing Transaction
    ) throws {
        do {
            guard let present = try transaction.find(tables.events, key),
                !present.elementsEqual(EventLeafMend.nothing)
            else { return try transaction.put(tables.events, key, record) }
            // Anything else in an event's place was put there by somebody else.
            guard present.elementsEqual(record) else { throw LMDBFault(code: MDB_KEYEXIST) }
        } catch let fault as LMDBFault {
            guard fault.damage != nil else { throw fault }
            environment.note(fault)
        }
    }
}

/// A table that a step folds into.
private struct FoldTable: ~Copyable {
    let cursor: Cursor
    let target: FoldTarget

    static func open(
        _ database: Database, for places: LogIndex, _ transaction: borrowing Transaction
    ) throws -> FoldTable {
        let target = try transaction.foldTarget(database, records: places.count)
        return FoldTable(cursor: try transaction.cursor(database), target: target)
    }

    /// Returns about how many pages that took.
    func put(
        _ place: LogPlace, _ key: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer
    ) throws -> Double {
        guard let record = place.record(in: bytes) else {
            try cursor.delete(key)
            return target.pages(0)
        }
        guard !record.isEmpty else { throw RecordFault.malformed }
        try cursor.put(key, record)
        return target.pages(record.count)
    }
}
