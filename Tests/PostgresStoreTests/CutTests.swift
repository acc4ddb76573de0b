// Every way in which a connection can end within a transaction: whatever was asked was done whole
// or not at all, and a connection that was cut says neither.

import Patience
import PostgresHarness
import Testing

@testable import PostgresStore

@Suite("A cut connection", .waits)
struct CutTests {
    private let proxy: CuttingProxy
    private let schema: String
    private let direct: Connection

    init() throws {
        proxy = try CuttingProxy(to: Cluster.shared().socket)
        schema = try Cluster.shared().newSchema()
        direct = try Connection.ofTests()
        try direct.run("CREATE TABLE \(schema).row (number bigint)")
    }

    private func insert(_ number: Int64, _ connection: Connection) throws(DatabaseFault) {
        let insert = Statement("insert", "INSERT INTO \(schema).row VALUES ($1::bigint)")
        try connection.run(
            Statement.begin, insert.with(Parameter.int64(number)),
            insert.with(Parameter.int64(number)), Statement.commit)
    }

    private func count(_ number: Int64) throws -> Int64 {
        try direct.run("SELECT count(*) FROM \(schema).row WHERE number = \(number)").int64(0, 0)
    }

    @Test("knows nothing of a COMMIT whose answer was swallowed, and it was done")
    func swallowed() throws {
        defer { proxy.close() }
        let connection = try Connection.ofTests(in: proxy.path)
        proxy.swallow("COMMIT")
        let fault = #expect(throws: DatabaseFault.self) { try insert(1, connection) }
        guard case .lost = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(proxy.cuts == 1)
        try #expect(count(1) == 2)
    }

    @Test("has done all or nothing, wherever it was cut")
    func everywhere() throws {
        defer { proxy.close() }
        let whole = try Connection.ofTests(in: proxy.path)
        proxy.cut(nil)
        try insert(0, whole)
        let points = [Cut.Sender.client, .server].flatMap { sender in
            (0..<proxy.messages(of: sender)).flatMap { message in
                [Cut.Place.before, .within(3), .within(6), .after].map { Cut($0, sender, message) }
            }
        }
        #expect(points.count > 60)
        var kept = 0
        for (index, cut) in points.enumerated() {
            let number = Int64(index + 1)
            let connection = try Connection.ofTests(in: proxy.path)
            proxy.cut(cut)
            let answered: Bool
            do throws(DatabaseFault) {
                try insert(number, connection)
                answered = true
            } catch {
                answered = false
                guard case .lost = error else {
                    Issue.record("\(cut): \(error)")
                    continue
                }
            }
            // Whoever has inserted something already comes to its end first.
            let lock = Statement("lock", "LOCK TABLE \(schema).row IN EXCLUSIVE MODE")
            try direct.run(Statement.begin, lock.with(), Statement.commit)
            let rows = try count(number)
            #expect(rows == 0 || rows == 2, "\(cut)")
            #expect(!answered || rows == 2, "\(cut)")
            if rows == 2 { kept += 1 }
        }
        #expect(proxy.cuts == points.count)
        #expect(kept > 0 && kept < points.count)
    }
}
