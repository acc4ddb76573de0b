// A place in a store's tables, in their order, and in the order of their keys.

import Store

struct RecordCursor: Equatable {
    /// All that hold sealed records of accounts and of events.
    static let tables = Table.allCases.filter { $0 != .meta }
    static let start = RecordCursor(table: tables[0], key: leastKey)
    /// Not behind any key: LMDB takes none that is empty.
    static let leastKey: [UInt8] = [0]

    let table: Table
    /// The least key that is not behind.
    let key: [UInt8]

    /// The beginning of the next table, or nil behind the last.
    var nextTable: RecordCursor? {
        guard let index = Self.tables.firstIndex(of: table) else { return nil }
        return index + 1 < Self.tables.count
            ? RecordCursor(table: Self.tables[index + 1], key: Self.leastKey) : nil
    }
}

extension RecordCursor {
    init(_ reader: inout RecordReader) throws(RecordFault) {
        guard let table = Table(rawValue: try reader.read()), table != .meta else {
            throw .malformed
        }
        self.table = table
        key = try reader.read(fixed: Int(try reader.read(UInt8.self)))
    }

    func write(to writer: inout RecordWriter) {
        writer.append(table.rawValue)
        writer.append(UInt8(key.count))
        writer.append(fixed: key)
    }
}
