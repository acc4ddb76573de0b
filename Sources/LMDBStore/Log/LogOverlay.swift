// The newest records of a table in the log, by key. A reader of the whole store lays them over the
// table, deletions included.

import Accounts
import Store

struct LogOverlay {
    private struct Entry {
        let high: UInt64
        let low: UInt64
        let lap: Int
        let place: LogPlace

        var id: (UInt64, UInt64) { (high, low) }
    }

    private let laps: [LogLap]
    /// By key, one for each.
    private let entries: [Entry]

    /// - Parameter table: one whose keys have 16 bytes.
    init(_ laps: [LogLap], over table: Table) throws {
        precondition(table.keyBytes == 16, "events are appended, and never changed")
        var all: [Entry] = []
        for (number, lap) in laps.enumerated() {
            var offset = 0
            while offset < lap.end {
                let frame = try LogFrameReader(known: lap.bytes, at: offset)
                try frame.forEach { item in
                    guard item.table == table else { return }
                    let id = RecordID(item.key)
                    all.append(
                        Entry(
                            high: id.high, low: id.low, lap: number,
                            place: item.place.moved(by: offset)))
                }
                offset += LogFrame.footprint(frame.header.length)
            }
        }
        self.laps = laps
        entries = Self.newest(of: all)
    }

    /// The last of each key.
    private static func newest(of all: [Entry]) -> [Entry] {
        let order = all.indices.sorted { left, right in
            (all[left].high, all[left].low, left) < (all[right].high, all[right].low, right)
        }
        var newest: [Entry] = []
        for index in order {
            if let last = newest.last, last.id == all[index].id { newest.removeLast() }
            newest.append(all[index])
        }
        return newest
    }

    /// Visits all records of the table, in the order of their keys.
    func forEach(
        _ database: Database, _ transaction: borrowing Transaction,
        damage: (LMDBFault) throws -> Void = { throw $0 },
        _ body: (_ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var rest = entries[...]
        try transaction.forEach(database, damage: damage) { key, sealed in
            guard key.count == 16 else { throw RecordFault.malformed }
            let id = RecordID(key)
            while let entry = rest.first, entry.id < (id.high, id.low) {
                try visit(entry, body)
                rest.removeFirst()
            }
            if let entry = rest.first, entry.id == (id.high, id.low) {
                try visit(entry, body)
                rest.removeFirst()
            } else {
                try body(key, sealed)
            }
        }
        for entry in rest { try visit(entry, body) }
    }

    /// What the log says of the record at a key.
    subscript(key: UnsafeRawBufferPointer) -> Logged {
        let id = (RecordID(key).high, RecordID(key).low)
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].id < id { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].id == id else { return .nothing }
        return Logged(entries[low].place, in: laps[entries[low].lap].bytes)
    }

    private func visit(
        _ entry: Entry,
        _ body: (_ key: UnsafeRawBufferPointer, _ sealed: UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard let record = entry.place.record(in: laps[entry.lap].bytes) else { return }
        guard !record.isEmpty else { throw RecordFault.malformed }
        try RecordKey(RecordID(high: entry.high, low: entry.low)).withBytes {
            try body($0, record)
        }
    }
}
