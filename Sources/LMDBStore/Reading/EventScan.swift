// The events from a position on, from LMDB and both segments of the log. While a fold runs, some
// events are in both, and are given once.

import Accounts
import Secrets
import Store

struct EventScan {
    let tables: Tables
    let seal: RecordSeal
    let log: WriteAheadLog
    /// The newest event.
    let newest: UInt64

    /// Throws `LMDBFault`, or `RecordFault` for a frame of the log that cannot be read any more.
    func slice(
        _ position: EventPosition, atMost count: Int, _ transaction: borrowing Transaction
    ) throws -> EventSlice {
        let oldest = (try Meta.tail(transaction, tables, seal)?.sequence ?? 0) + 1
        var slice = EventSlice(position, of: oldest <= newest ? oldest...newest : nil)
        let isAll: Bool
        switch position {
        case .after(let sequence): isAll = try take(after: sequence, count, &slice, transaction)
        case .before(let sequence): isAll = try take(before: sequence, count, &slice, transaction)
        }
        if isAll { slice.endOfAll(position) }
        return slice
    }

    /// Returns whether there are no more. What a damaged page had is missing behind the block
    /// before that page.
    private func take(
        after sequence: UInt64, _ count: Int, _ slice: inout EventSlice,
        _ transaction: borrowing Transaction
    ) throws -> Bool {
        let position = EventPosition.after(sequence)
        var mayGoOn = true
        // The last that LMDB has: in the log what comes after it counts.
        var last: UInt64 = 0
        try Self.withKey(sequence == .max ? sequence : sequence + 1) { key in
            try transaction.scan(
                tables.events, from: key, .forwardFromBefore, damage: { _ in }
            ) { key, sealed in
                last = Self.sequence(key)
                mayGoOn = take(key, sealed, position, count, &slice, transaction)
                return mayGoOn
            }
        }
        for lap in [log.other, log.active] where mayGoOn {
            let mark = lap.marks.last { $0.sequence <= sequence }
            var events = try LoggedEvents(lap, from: mark?.offset ?? 0)
            while mayGoOn, let event = try events.next() {
                guard Self.sequence(event.key) > last else { continue }
                // The one behind it begins early enough: this one is too old.
                if let next = events.peek, Self.sequence(next.key) <= sequence { continue }
                mayGoOn = take(event, lap, position, count, &slice, transaction)
            }
        }
        return mayGoOn
    }

    /// Returns whether there are no more.
    private func take(
        before sequence: UInt64, _ count: Int, _ slice: inout EventSlice,
        _ transaction: borrowing Transaction
    ) throws -> Bool {
        let position = EventPosition.before(sequence)
        var mayGoOn = sequence > 0
        /// All from here on were looked at.
        var bound = sequence
        for lap in [log.active, log.other] {
            var end = lap.end
            for mark in lap.marks.reversed() where mayGoOn {
                defer { end = mark.offset }
                // All of this part is too new.
                guard mark.sequence < sequence else { continue }
                var part: [LogFrameReader.Item] = []
                var events = try LoggedEvents(lap, from: mark.offset, to: end)
                while let event = try events.next() { part.append(event) }
                for event in part.reversed() where Self.sequence(event.key) < sequence {
                    guard mayGoOn else { break }
                    bound = Self.sequence(event.key)
                    mayGoOn = take(event, lap, position, count, &slice, transaction)
                }
            }
        }
        guard mayGoOn, bound > 0 else { return mayGoOn }
        try Self.withKey(bound - 1) { key in
            try transaction.scan(
                tables.events, from: key, .backward, damage: { _ in }
            ) { key, sealed in
                mayGoOn = take(key, sealed, position, count, &slice, transaction)
                return mayGoOn
            }
        }
        return mayGoOn
    }

    private func take(
        _ event: LogFrameReader.Item, _ lap: LogLap, _ position: EventPosition, _ count: Int,
        _ slice: inout EventSlice, _ transaction: borrowing Transaction
    ) -> Bool {
        let sealed = event.place.record(in: lap.bytes)
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        return take(event.key, sealed ?? nothing, position, count, &slice, transaction)
    }

    private func take(
        _ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer,
        _ position: EventPosition, _ count: Int, _ slice: inout EventSlice,
        _ transaction: borrowing Transaction
    ) -> Bool {
        // The slice says which do not open; a check says why.
        let block = seal.openedEvents(sealed, at: key)
        if block == nil { transaction.trees.damage.note(at: key, in: .events) }
        return slice.take(block, first: Self.sequence(key), position, atMost: count)
    }

    private static func sequence(_ key: UnsafeRawBufferPointer) -> UInt64 {
        // A key of another length is nobody's event; a check tells of it.
        key.count == 8 ? LoggedEvents.sequence(key) : 0
    }

    private static func withKey<Result>(
        _ sequence: UInt64, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withUnsafeBytes(of: sequence.bigEndian) { try body($0) }
    }
}
