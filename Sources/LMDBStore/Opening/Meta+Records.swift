// The sealed records that a store keeps about itself: where the chain of events begins and ends,
// how far the log was folded, up to when steps are used, how far a change of keys has come. A
// record that does not open is an error, and not a missing one.

import Accounts
import Secrets
import Store

extension Meta {
    /// What the records here are sealed as; it did not change with the format.
    private static let recordVersion: UInt8 = 1

    /// Their keys.
    enum Record: String, CaseIterable {
        case canary
        case head
        case mark = "log"
        case tail
        case restoredAt = "used"
        case usedSteps = "steps"
        /// Older versions keep none.
        case usedAttempts = "attempts"
        case rotation
        /// How far time has come. Older versions keep none.
        case lived
        /// Only in a copy.
        case copy
        /// Of the last start; none where the host keeps none.
        case epoch
        /// Binds all of them, and the records of the other tables: see `StoreState`.
        case state

        var key: [UInt8] { Array(rawValue.utf8) }
    }

    // MARK: The log

    static func putMark(
        _ mark: LogMark, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws(LMDBFault) {
        var writer = RecordWriter(reserving: 48)
        for frame in [mark.folded, mark.reached] {
            writer.append(frame.sequence)
            writer.append(fixed: frame.tag)
        }
        try putSealed(.mark, writer.bytes, transaction, tables, seal)
    }

    /// How far this snapshot has the log, or nil when it says nothing of a log.
    static func mark(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> LogMark? {
        try read(.mark, transaction, tables, seal) { reader throws(RecordFault) in
            var frames: [LogFrameID] = []
            for _ in 0..<2 {
                frames.append(
                    LogFrameID(
                        sequence: try reader.read(), tag: try reader.read(fixed: LogFrame.tagBytes))
                )
            }
            return LogMark(folded: frames[0], reached: frames[1])
        }
    }

    // MARK: The chain of events

    static func putHead(
        _ head: EventHead, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws(LMDBFault) {
        try putSealed(.head, bytes(of: head), transaction, tables, seal)
    }

    /// The end of the chain as this snapshot has it.
    static func head(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> EventHead? {
        try read(.head, transaction, tables, seal, readHead)
    }

    static func putTail(
        _ tail: EventHead, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws(LMDBFault) {
        try putSealed(.tail, bytes(of: tail), transaction, tables, seal)
    }

    /// The last event that is kept no more; nil in a store that never lost one.
    static func tail(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> EventHead? {
        try read(.tail, transaction, tables, seal, readHead)
    }

    private static func bytes(of head: EventHead) -> [UInt8] {
        var writer = RecordWriter(reserving: 40)
        writer.append(head.sequence)
        writer.append(fixed: head.hash)
        return writer.bytes
    }

    private static func readHead(_ reader: inout RecordReader) throws(RecordFault) -> EventHead {
        EventHead(sequence: try reader.read(), hash: try reader.read(fixed: 32))
    }

    // MARK: Used steps

    static func putUsedBefore(
        _ moments: UsedBefore, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws(LMDBFault) {
        try put(.restoredAt, moments.devices, transaction, tables, seal)
        try put(.usedSteps, moments.steps, transaction, tables, seal)
        try put(.usedAttempts, moments.attempts, transaction, tables, seal)
    }

    static func restoredAt(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> Instant? {
        try moment(.restoredAt, transaction, tables, seal)
    }

    static func usedSteps(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> Instant? {
        try moment(.usedSteps, transaction, tables, seal)
    }

    static func usedAttempts(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> Instant? {
        try moment(.usedAttempts, transaction, tables, seal)
    }

    private static func put(
        _ record: Record, _ moment: Instant, _ transaction: borrowing Transaction,
        _ tables: Tables, _ seal: RecordSeal
    ) throws(LMDBFault) {
        var writer = RecordWriter(reserving: 8)
        writer.append(moment.milliseconds)
        try putSealed(record, writer.bytes, transaction, tables, seal)
    }

    private static func moment(
        _ record: Record, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws -> Instant? {
        try read(record, transaction, tables, seal) { reader throws(RecordFault) in
            Instant(milliseconds: try reader.read())
        }
    }

    // MARK: Lived-through time

    static func putLived(
        _ moments: LivedClock.Moments, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws(LMDBFault) {
        var writer = RecordWriter(reserving: 16)
        writer.append(moments.lived.milliseconds)
        writer.append(moments.expected.milliseconds)
        try putSealed(.lived, writer.bytes, transaction, tables, seal)
    }

    static func lived(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> LivedClock.Moments? {
        try read(.lived, transaction, tables, seal) { reader throws(RecordFault) in
            LivedClock.Moments(
                lived: Instant(milliseconds: try reader.read()),
                expected: Instant(milliseconds: try reader.read()))
        }
    }

    // MARK: Epochs

    static func putEpoch(
        _ epoch: Epoch, _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws(LMDBFault) {
        try putSealed(.epoch, epoch.bytes, transaction, tables, seal)
    }

    static func epoch(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> Epoch? {
        try read(.epoch, transaction, tables, seal) { reader throws(RecordFault) in
            Epoch(try reader.read(fixed: Epoch.byteCount))
        }
    }

    // MARK: Copies

    /// Its contents say nothing: being there is what counts.
    static func putIsCopy(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws(LMDBFault) {
        try putSealed(.copy, [1], transaction, tables, seal)
    }

    static func isCopy(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> Bool {
        try opened(.copy, transaction, tables, seal) != nil
    }

    // MARK: A change of record keys

    static func putRotation(
        _ progress: RotationProgress, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws(LMDBFault) {
        var writer = RecordWriter(reserving: 64)
        progress.write(to: &writer)
        try putSealed(.rotation, writer.bytes, transaction, tables, seal)
    }

    static func rotation(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> RotationProgress? {
        try read(.rotation, transaction, tables, seal) { reader throws(RecordFault) in
            try RotationProgress(&reader)
        }
    }

    static func deleteRotation(
        _ transaction: borrowing Transaction, _ tables: Tables
    ) throws(LMDBFault) {
        try Record.rotation.key.withBytes { key throws(LMDBFault) in
            try transaction.delete(tables.meta, key)
        }
    }

    // MARK: Sealed

    /// Seals anew, under the record key that seals now, whatever there is.
    static func reseal(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws {
        for record in Record.allCases {
            guard let plain = try opened(record, transaction, tables, seal) else { continue }
            try putSealed(record, plain.withBytes(Array.init), transaction, tables, seal)
        }
    }

    /// Throws `OpeningRefusal.canary` for a record that does not open, or says what cannot be.
    static func read<Value>(
        _ record: Record, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal, _ body: (inout RecordReader) throws(RecordFault) -> Value
    ) throws -> Value? {
        guard let plain = try opened(record, transaction, tables, seal) else { return nil }
        do throws(RecordFault) {
            return try plain.withBytes { bytes throws(RecordFault) in
                var reader = RecordReader(bytes)
                let value = try body(&reader)
                try reader.finish()
                return value
            }
        } catch {
            throw OpeningRefusal.canary
        }
    }

    /// Nil when there is no such record. Throws `OpeningRefusal.canary` when it does not open.
    static func opened(
        _ record: Record, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws -> SecretBytes? {
        try record.key.withBytes { key in
            guard let sealed = try transaction.find(tables.meta, key) else { return nil }
            do throws(RecordFault) {
                return try seal.open(sealed, version: recordVersion, in: .meta, at: key)
            } catch {
                throw OpeningRefusal.canary
            }
        }
    }

    static func putSealed(
        _ record: Record, _ plain: [UInt8], _ transaction: borrowing Transaction,
        _ tables: Tables, _ seal: RecordSeal
    ) throws(LMDBFault) {
        try record.key.withBytes { key throws(LMDBFault) in
            let sealed = plain.withBytes {
                seal.seal($0, version: recordVersion, in: .meta, at: key)
            }
            try sealed.withBytes { sealed throws(LMDBFault) in
                try transaction.put(tables.meta, key, sealed)
            }
        }
    }
}
