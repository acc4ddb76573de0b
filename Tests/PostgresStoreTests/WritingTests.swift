// The statement that writes a batch: where anything is not as it was read, nothing is written.

import Accounts
import Secrets
import StoreHarness
import Testing

@testable import PostgresStore

@Suite("What a batch writes")
struct WritingTests {
    /// Parameters of the statement, by what they are about: all of it empty.
    private struct Writing {
        var token = RecordID.randomToken()
        var batches: Int64 = 0
        /// Updates, deletions and insertions of guards, factors and buckets.
        var updated: [String: [RecordID]] = [:]
        var deleted: [String: [RecordID]] = [:]
        var inserted: [String: [RecordID]] = [:]
        /// Apps whose accounts become so many more, of so many.
        var apps: [(id: RecordID, more: Int64, most: Int64)] = []
        var expected: Int64 = 0

        static let tables = ["guard", "factor", "bucket"]

        func call(_ lane: Int64) -> Statement.Call {
            let record: [UInt8] = [1, 2, 3]
            let rows = Self.tables.flatMap { table in
                let (updated, inserted) = (updated[table] ?? [], inserted[table] ?? [])
                return [
                    Parameter.array(of: updated),
                    Parameter.array(of: updated.map { _ in record }),
                    Parameter.array(of: deleted[table] ?? []), Parameter.array(of: inserted),
                    Parameter.array(of: inserted.map { _ in record }),
                ]
            }
            return Statement.Call(
                statement: LaneStatements.keep,
                parameters: [
                    Parameter.int64(lane), Parameter.uuid(token), Parameter.int64(batches), record,
                ] + rows + [
                    Parameter.array(of: apps.map(\.id)), Parameter.array(of: apps.map(\.more)),
                    Parameter.array(of: apps.map(\.most)), Parameter.array(of: [RecordID]()),
                    Parameter.array(of: [[UInt8]]()), Parameter.array(of: [Int64]()),
                    Parameter.array(of: [Int64]()), Parameter.array(of: [Int64]()),
                    Parameter.array(of: [[UInt8]]()), Parameter.int64(expected),
                ])
        }
    }

    private let hosts: TwoHosts
    private let lane: Int64
    private let there = RecordID(high: 1, low: 1)
    private let gone = RecordID(high: 2, low: 2)
    private let start: Writing

    init() throws {
        hosts = try TwoHosts()
        lane = try hosts.count("SELECT id FROM lane WHERE host = 'one'")
        let id = "'00000000-0000-0001-0000-000000000001'"
        for table in Writing.tables {
            try hosts.direct.run("INSERT INTO \(table) VALUES (\(id), 'x')")
        }
        try hosts.direct.run("INSERT INTO app VALUES (\(id), 'x', 5)")
        var start = Writing()
        start.token = try hosts.direct.run("SELECT token FROM lane WHERE id = \(lane)").id(0, 0)
        self.start = start
    }

    /// Nil when it is done, and otherwise the state of the refusal. It is undone in any case.
    private func refusal(_ change: (inout Writing) -> Void) throws -> SQLState? {
        var writing = start
        change(&writing)
        defer { #expect(throws: Never.self) { try hosts.direct.run(Statement.rollback) } }
        do throws(DatabaseFault) {
            let replies = try hosts.direct.run(LaneStatements.begin, writing.call(lane))
            #expect(replies[1].tag == "UPDATE 1")
            return nil
        } catch .refused(let state, _) {
            return state
        }
    }

    @Test("is refused where a row is gone that is to be changed or removed")
    func missing() throws {
        for table in Writing.tables {
            for (id, expected) in [(there, nil), (gone, SQLState.notNullViolation)] {
                let updating = try refusal {
                    $0.updated[table] = [id]
                    $0.expected = 1
                }
                #expect(updating == expected, "\(table)")
                let deleting = try refusal {
                    $0.deleted[table] = [id]
                    $0.expected = 1
                }
                #expect(deleting == expected, "\(table)")
            }
        }
    }

    @Test("is refused where a row is there that is to be made")
    func present() throws {
        for table in Writing.tables {
            for (id, expected) in [(gone, nil), (there, SQLState.uniqueViolation)] {
                try #expect(refusal { $0.inserted[table] = [id] } == expected, "\(table)")
            }
        }
    }

    @Test("is refused where an app is gone or would have too many accounts")
    func apps() throws {
        let rows: [(RecordID, more: Int64, most: Int64, SQLState?)] = [
            (there, 1, 6, nil), (there, 1, 5, .notNullViolation), (there, 2, 6, .notNullViolation),
            // Whoever leaves may always do so.
            (there, -1, 0, nil), (gone, 1, 6, .notNullViolation), (gone, -1, 0, .notNullViolation),
        ]
        for (id, more, most, expected) in rows {
            let found = try refusal {
                $0.apps = [(id, more, most)]
                $0.expected = 1
            }
            #expect(found == expected, "\(more) more of \(most)")
        }
    }

    @Test("is refused where the lane is somebody else's, or not where it was left")
    func lanes() throws {
        try #expect(refusal { _ in } == nil)
        try #expect(refusal { $0.token = .randomToken() } == .notNullViolation)
        try #expect(refusal { $0.batches = 1 } == .notNullViolation)
    }
}
