// What a connection does with answers, refusals, notices, deadlines and the end of a server.

import Accounts
import DaemonHarness
import Foundation
import Patience
import PostgresHarness
import Scratch
import Testing

@testable import PostgresStore

@Suite("A connection", .waits)
struct ConnectionTests {
    @Test("runs statements in their order, in one round trip, and prepares each once")
    func pipeline() throws {
        let proxy = try CuttingProxy(to: Cluster.shared().socket)
        defer { proxy.close() }
        let connection = try Connection.ofTests(in: proxy.path)
        let add = Statement("add", "SELECT $1::bigint + $2::bigint")
        for round in 0..<3 {
            proxy.cut(nil)
            let replies = try connection.run(
                add.with(Parameter.int64(1), Parameter.int64(Int64(round))),
                add.with(Parameter.int64(40), Parameter.int64(2)))
            try #expect(replies.map { try $0.int64(0, 0) } == [1 + Int64(round), 42])
            #expect(replies.map(\.tag) == ["SELECT 1", "SELECT 1"])
            // Parse once; Bind, Describe and Execute for each; Sync.
            let prepares = round == 0 ? 1 : 0
            #expect(proxy.messages(of: .client) == prepares + 2 * 3 + 1)
        }
        #expect(connection.notices == [])
    }

    @Test("says why a statement was refused, and goes on")
    func refusal() throws {
        let connection = try Connection.ofTests()
        let divide = Statement("divide", "SELECT 1 / $1::bigint")
        let refusal = #expect(throws: DatabaseFault.self) {
            try connection.run(
                Statement.begin, divide.with(Parameter.int64(0)), Statement.commit)
        }
        #expect(refusal == .refused(SQLState("22012"), "division by zero"))
        // COMMIT was not run: the transaction is over all the same, once it is rolled back.
        try connection.run(Statement.rollback)
        try #expect(connection.run(divide.with(Parameter.int64(1)))[0].int64(0, 0) == 1)
        #expect(!connection.isLost)
        // What could not be prepared is prepared when it can.
        let schema = try Cluster.shared().newSchema()
        let count = Statement("later", "SELECT count(*) FROM \(schema).later")
        let missing = #expect(throws: DatabaseFault.self) { try connection.run(count.with()) }
        guard case .refused(.noSuchTable, _) = missing else {
            Issue.record("\(String(describing: missing))")
            return
        }
        try connection.run("CREATE TABLE \(schema).later (x int)")
        try #expect(connection.run(count.with())[0].int64(0, 0) == 0)
    }

    @Test("tells what the server said beside the answer, of one run")
    func notices() throws {
        let connection = try Connection.ofTests()
        // "there is no transaction in progress"
        try connection.run(Statement.rollback)
        #expect(connection.notices == [SQLState("25P01")])
        try connection.run("SELECT 1")
        #expect(connection.notices == [])
    }

    @Test("does not trust a value of another kind")
    func kinds() throws {
        let reply = try Connection.ofTests().run("SELECT 1::int, NULL::bytea, 'x'::text")
        #expect(throws: DatabaseFault.unexpected("a number of 4 bytes")) { try reply.int64(0, 0) }
        #expect(throws: DatabaseFault.unexpected("a uuid of 4 bytes")) { try reply.id(0, 0) }
        #expect(throws: DatabaseFault.unexpected("NULL in column 1")) { try reply.record(0, 1) }
        try #expect(reply.bytes(0, 1) == nil)
        #expect(throws: DatabaseFault.unexpected("1 rows of 3 columns")) { try reply.bytes(1, 0) }
        #expect(throws: DatabaseFault.unexpected("1 rows of 3 columns")) { try reply.bytes(0, 3) }
    }

    @Test("carries more each way at once than sockets hold")
    func large() throws {
        let echo = Statement("echo", "SELECT $1::bytea")
        let record = [UInt8](repeating: 1, count: 1 << 20)
        let replies = try Connection.ofTests().run(
            (0..<8).map { _ in echo.with(record) }, by: .usual)
        try #expect(
            replies.map { try $0.record(0, 0).count } == Array(repeating: 1 << 20, count: 8))
    }

    @Test("waits until its deadline, and is lost then")
    func deadline() throws {
        let connection = try Connection.ofTests()
        let fault = #expect(throws: DatabaseFault.self) {
            try connection.run(
                [Statement("slow", "SELECT pg_sl\("eep")(20)").with()], by: .now + .milliseconds(50)
            )
        }
        #expect(fault == .lost("no answer in time"))
        #expect(connection.isLost)
        // Its late answer is nobody's.
        #expect(throws: DatabaseFault.lost("it was lost before")) { try connection.run("SELECT 1") }
    }

    @Test("does not come about with a server that takes it and says nothing")
    func silent() throws {
        let directory = try TemporaryDirectory()
        let socket = try ListeningSocket(at: Cluster.socket(in: directory.path))
        let conninfo = try Cluster.shared().conninfo(in: directory.path)
        let fault = #expect(throws: DatabaseFault.self) {
            try Connection(conninfo, by: .now + .milliseconds(50))
        }
        #expect(fault == .unreachable("no answer in time"))
        withExtendedLifetime(socket) {}
    }

    @Test("goes on to the next host when one takes it and says nothing")
    func next() throws {
        let directory = try TemporaryDirectory()
        let socket = try ListeningSocket(at: Cluster.socket(in: directory.path))
        let cluster = try Cluster.shared()
        for hosts in [
            "\(directory.path),\(cluster.directory)", "\(cluster.directory),\(directory.path)",
            "/nowhere,\(directory.path),\(cluster.directory)",
        ] {
            let connection = try Connection(
                cluster.conninfo(in: hosts), by: .now + .seconds(3))
            try #expect(connection.run("SELECT 1::bigint").int64(0, 0) == 1)
        }
        let nobody = #expect(throws: DatabaseFault.self) {
            try Connection(
                cluster.conninfo(in: "\(directory.path),/nowhere"), by: .now + .milliseconds(100))
        }
        // Each is named with what became of it.
        let cause = "\(directory.path): no answer in time; /nowhere: "
        #expect("\(String(describing: nobody))".contains(cause))
        withExtendedLifetime(socket) {}
    }

    @Test("does not come about where nobody listens, or with one that cannot write")
    func unreachable() throws {
        let directory = try TemporaryDirectory()
        let cluster = try Cluster.shared()
        let nobody = #expect(throws: DatabaseFault.self) {
            try Connection(cluster.conninfo(in: directory.path), by: .usual)
        }
        guard case .unreachable(let cause) = nobody else {
            Issue.record("\(String(describing: nobody))")
            return
        }
        #expect(cause.contains("No such file or directory"))
        let readOnly =
            "host=\(cluster.directory) user=\(Cluster.user) dbname=postgres "
            + "options='-cdefault_transaction_read_only=on'"
        let standby = #expect(throws: DatabaseFault.self) { try Connection(readOnly, by: .usual) }
        guard case .unreachable(let cause) = standby else {
            Issue.record("\(String(describing: standby))")
            return
        }
        #expect(cause.contains("session is read-only"))
    }

    @Test("is lost when the server ends it, in a statement and between two")
    func ended() throws {
        let (one, other) = (try Connection.ofTests(), try Connection.ofTests())
        let pid = try one.run("SELECT pg_backend_pid()::bigint").int64(0, 0)
        try other.run("SELECT pg_terminate_backend(\(pid))::text")
        #expect(throws: DatabaseFault.self) { try one.run("SELECT 1") }
        #expect(one.isLost)
        let own = #expect(throws: DatabaseFault.self) {
            try other.run("SELECT pg_terminate_backend(pg_backend_pid())::text")
        }
        guard case .lost = own else {
            Issue.record("\(String(describing: own))")
            return
        }
        #expect(other.isLost)
    }
}
