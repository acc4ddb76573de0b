// Values as PostgreSQL's binary format has them: big-endian numbers, sixteen bytes of a uuid, and
// arrays of one dimension (src/backend/utils/adt/arrayfuncs.c, array_recv).

import Accounts
import Store

enum Parameter {
    /// Types of elements, by their numbers in the catalogue (src/include/catalog/pg_type.dat).
    private enum Element: UInt32 {
        case bytes = 17
        case int64 = 20
        case uuid = 2950
    }

    static func int64(_ value: Int64) -> [UInt8] {
        var writer = RecordWriter(reserving: 8)
        writer.append(value)
        return writer.bytes
    }

    static func uuid(_ id: RecordID) -> [UInt8] {
        var writer = RecordWriter(reserving: 16)
        writer.append(id.high)
        writer.append(id.low)
        return writer.bytes
    }

    static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    static func array(of values: [Int64]) -> [UInt8] {
        array(of: values, .int64, bytesEach: 8) { $0.append($1) }
    }

    static func array(of ids: [RecordID]) -> [UInt8] {
        array(of: ids, .uuid, bytesEach: 16) { writer, id in
            writer.append(id.high)
            writer.append(id.low)
        }
    }

    static func array(of records: [[UInt8]]) -> [UInt8] {
        var writer = RecordWriter(reserving: 20 + records.reduce(0) { $0 + 4 + $1.count })
        begin(records.count, .bytes, &writer)
        for record in records {
            writer.append(Int32(record.count))
            writer.append(fixed: record)
        }
        return writer.bytes
    }

    private static func array<Value>(
        of values: [Value], _ element: Element, bytesEach: Int,
        _ append: (inout RecordWriter, Value) -> Void
    ) -> [UInt8] {
        var writer = RecordWriter(reserving: 20 + values.count * (4 + bytesEach))
        begin(values.count, element, &writer)
        for value in values {
            writer.append(Int32(bytesEach))
            append(&writer, value)
        }
        return writer.bytes
    }

    /// Dimensions ‖ no element is NULL ‖ type ‖ elements ‖ number of the first. An array of no
    /// element has no dimension.
    private static func begin(_ count: Int, _ element: Element, _ writer: inout RecordWriter) {
        writer.append(Int32(count > 0 ? 1 : 0))
        writer.append(Int32(0))
        writer.append(element.rawValue)
        guard count > 0 else { return }
        writer.append(Int32(count))
        writer.append(Int32(1))
    }
}
