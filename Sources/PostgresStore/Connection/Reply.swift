// What one statement came to: its rows, in binary format, and the tag that says what was done.

import Accounts
import CPostgres

package final class Reply {
    private let pq: libpq
    private let result: OpaquePointer
    /// Rows.
    let count: Int
    let columns: Int
    let status: Int
    /// As the server says it: `UPDATE 1`.
    let tag: String

    /// Takes `result` over.
    init(_ result: OpaquePointer, _ pq: libpq) {
        (self.pq, self.result) = (pq, result)
        status = Int(pq.PQresultStatus(result))
        count = Int(pq.PQntuples(result))
        columns = Int(pq.PQnfields(result))
        tag = String(cString: pq.PQcmdStatus(result))
    }

    deinit { pq.PQclear(result) }

    /// Of a refusal.
    var state: SQLState? { field(libpq_sqlstate).map(SQLState.init) }
    /// In the server's language.
    var cause: String? { field(libpq_message_primary) }

    private func field(_ name: Int) -> String? {
        pq.PQresultErrorField(result, Int32(name)).map { String(cString: $0) }
    }

    /// Nil for NULL.
    func bytes(_ row: Int, _ column: Int) throws(DatabaseFault) -> [UInt8]? {
        guard row < count, column < columns else {
            throw .unexpected("\(count) rows of \(columns) columns")
        }
        let (row, column) = (Int32(row), Int32(column))
        guard pq.PQgetisnull(result, row, column) == 0 else { return nil }
        let length = Int(pq.PQgetlength(result, row, column))
        let value = pq.PQgetvalue(result, row, column)
        return Array(UnsafeRawBufferPointer(start: value, count: length))
    }

    /// Of a column that is never NULL.
    func record(_ row: Int, _ column: Int) throws(DatabaseFault) -> [UInt8] {
        guard let bytes = try bytes(row, column) else {
            throw .unexpected("NULL in column \(column)")
        }
        return bytes
    }

    func int64(_ row: Int, _ column: Int) throws(DatabaseFault) -> Int64 {
        Int64(bitPattern: try number(try record(row, column)[...]))
    }

    func id(_ row: Int, _ column: Int) throws(DatabaseFault) -> RecordID {
        let bytes = try record(row, column)
        guard bytes.count == 16 else { throw .unexpected("a uuid of \(bytes.count) bytes") }
        return RecordID(high: try number(bytes[..<8]), low: try number(bytes[8...]))
    }

    private func number(_ bytes: ArraySlice<UInt8>) throws(DatabaseFault) -> UInt64 {
        guard bytes.count == 8 else { throw .unexpected("a number of \(bytes.count) bytes") }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
