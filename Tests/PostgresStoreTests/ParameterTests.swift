// Values in PostgreSQL's binary format: as bytes, and as the server understands them.

import Accounts
import Testing

@testable import PostgresStore

@Suite("Parameters")
struct ParameterTests {
    @Test("are numbers, ids and arrays as the manual has them")
    func bytes() {
        #expect(Parameter.int64(-2) == [255, 255, 255, 255, 255, 255, 255, 254])
        let id = RecordID(high: 1, low: 2)
        #expect(Parameter.uuid(id) == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2])
        #expect(
            Parameter.array(of: [[UInt8]]())
                == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 17])
        #expect(
            Parameter.array(of: [[7, 8, 9], []]) == [
                0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 2, 0, 0, 0, 1,
                0, 0, 0, 3, 7, 8, 9, 0, 0, 0, 0,
            ])
        #expect(
            Parameter.array(of: [Int64(5)]).prefix(24).suffix(12) == [
                0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 8,
            ])
        #expect(Parameter.array(of: [id]).count == 20 + 4 + 16)
    }

    @Test("come back from the server as they went", arguments: [0, 1, 2, 700])
    func roundTrip(_ count: Int) throws {
        let ids = (0..<count).map { RecordID(high: UInt64.max - UInt64($0), low: UInt64($0)) }
        let records = (0..<count).map {
            [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: $0)
        }
        let numbers = (0..<count).map { Int64.min + Int64($0) }
        let statement = Statement(
            "arrays",
            "SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bigint[]) AS a(x, y, z)")
        let reply = try Connection.ofTests().run(
            statement.with(
                Parameter.array(of: ids), Parameter.array(of: records),
                Parameter.array(of: numbers)))[0]
        #expect(reply.count == count)
        for row in 0..<count {
            try #require(reply.id(row, 0) == ids[row])
            try #require(reply.record(row, 1) == records[row])
            try #require(reply.int64(row, 2) == numbers[row])
        }
    }
}
