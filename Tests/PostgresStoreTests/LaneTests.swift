// A lane that is not what it was: somebody else has taken it, the database has gone back, or does
// not promise what is wanted. Nothing is decided then.

import Patience
import PostgresHarness
import Store
import StoreHarness
import Testing

@testable import PostgresStore

@Suite("A lane", .waits)
struct LaneTests {
    /// Nil when it was decided, which fails the test.
    private func fault(_ store: PostgresStore, _ request: Request) -> StoreFault? {
        do throws(StoreFault) {
            let results = try store.apply([request.change(in: store)])
            Issue.record("\(results.map(\.brief))")
            return nil
        } catch {
            return error
        }
    }

    @Test("that another process of its host has taken decides nothing more")
    func taken() throws {
        let hosts = try TwoHosts()
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        let second = try PostgresStore(
            hosts.one.conninfo, DatabaseHost(madeUp: "one"), hosts.ring, .oneServer, at: Clock.start
        )
        let now = Clock.after(30)
        for _ in 0..<2 {
            #expect(
                fault(hosts.one, ada.verify(at: now))
                    == .away(.laneTaken, "somebody else writes in its place"))
        }
        try #expect(hosts.ask(second, ada.verify(at: now)) == ["ok"])
        try #expect(hosts.one.figures().away == .laneTaken && second.figures().away == nil)
        try hosts.end()
    }

    @Test("that another process has taken is not taken back over a new connection")
    func takenMeanwhile() throws {
        let hosts = try TwoHosts(isCut: true)
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        let second = try PostgresStore(
            Cluster.shared().conninfo(hosts.schema), DatabaseHost(madeUp: "one"), hosts.ring,
            .oneServer, at: Clock.start)
        let now = Clock.after(30)
        hosts.proxy.cut(Cut(.before, .client, 0))
        #expect(
            fault(hosts.one, ada.verify(at: now))
                == .away(.laneTaken, "another process has taken its place"))
        try #expect(hosts.ask(second, ada.verify(at: now)) == ["ok"])
        try hosts.end()
    }

    @Test("decides nothing in a database that has gone back, or forward without it")
    func goneBack() throws {
        let causes: [(Int, StoreFault)] = [
            (-1, .away(.wentBack, "it has kept 2 batches of this lane, and says 1")),
            (1, .away(.laneTaken, "somebody else writes in its place")),
        ]
        for (step, cause) in causes {
            let hosts = try TwoHosts()
            let ada = try Person("ada")
            try #expect(hosts.ask(hosts.one, ada.enroll()) == ["ok"])
            try #expect(hosts.ask(hosts.one, ada.confirm()) == ["ok"])
            try hosts.direct.run("UPDATE lane SET batches = batches + \(step) WHERE host = 'one'")
            for _ in 0..<2 {
                #expect(fault(hosts.one, ada.verify(at: Clock.after(30))) == cause)
            }
            // The other goes on.
            try #expect(hosts.ask(hosts.other, ada.verify(at: Clock.after(30))) == ["ok"])
            try hosts.direct.run("UPDATE lane SET batches = batches - \(step) WHERE host = 'one'")
            try hosts.end()
        }
    }

    @Test("decides nothing when its row is gone, and nothing without a standby that it wants")
    func promises() throws {
        let hosts = try TwoHosts()
        let ada = try Person("ada")
        let wants = try PostgresStore(
            hosts.one.conninfo, DatabaseHost(madeUp: "third"), hosts.ring, .standby, at: Clock.start
        )
        guard case .away(.notReplicated, let cause) = fault(wants, ada.enroll()) else {
            Issue.record("it was decided")
            return
        }
        #expect(cause.contains("not replicated"))
        try #expect(wants.figures().away == .notReplicated && hosts.one.figures().away == nil)
        try #expect(hosts.count("SELECT count(*) FROM factor") == 0)
        try hosts.direct.run("CREATE TABLE kept AS SELECT * FROM lane")
        try hosts.direct.run("DELETE FROM lane WHERE host = 'one'")
        #expect(
            fault(hosts.one, ada.enroll())
                == .away(.wentBack, "it has kept 0 batches of this lane, and says 0"))
        try #expect(hosts.count("SELECT count(*) FROM factor") == 0)
        try hosts.direct.run("INSERT INTO lane SELECT * FROM kept WHERE host = 'one'")
        try hosts.end()
    }

    @Test("of a database that has gone back and on again has kept something else")
    func otherHistory() throws {
        let hosts = try TwoHosts(isCut: true)
        let ada = try Person("ada")
        let tables = ["lane", "guard", "factor", "block"]
        try #expect(hosts.ask(hosts.one, ada.enroll()) == ["ok"])
        for table in tables {
            try hosts.direct.run("CREATE TABLE old_\(table) AS SELECT * FROM \(table)")
        }
        try #expect(hosts.ask(hosts.one, ada.confirm()) == ["ok"])
        for table in tables {
            try hosts.direct.run("DELETE FROM \(table)")
            try hosts.direct.run("INSERT INTO \(table) SELECT * FROM old_\(table)")
        }
        // Another process of the host writes as many batches.
        let second = try PostgresStore(
            Cluster.shared().conninfo(hosts.schema), DatabaseHost(madeUp: "one"), hosts.ring,
            .oneServer, at: Clock.start)
        try #expect(hosts.ask(second, ada.confirm(at: Clock.after(1))) == ["ok"])
        try hosts.direct.run(
            "UPDATE lane SET token = o.token FROM old_lane o WHERE lane.id = o.id")
        hosts.proxy.cut(Cut(.before, .client, 0))
        #expect(
            fault(hosts.one, ada.status()) == .away(.wentBack, "its row is not as it was left"))
        try hosts.end()
    }

    @Test("whose row goes while a batch is written gives no answer")
    func vanished() throws {
        let hosts = try TwoHosts()
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll()) == ["ok"])
        try hosts.direct.run(
            "CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS "
                + "$$ BEGIN RETURN NULL; END $$")
        try hosts.direct.run(
            "CREATE TRIGGER leave BEFORE UPDATE ON lane FOR EACH ROW EXECUTE FUNCTION leave()")
        #expect(fault(hosts.one, ada.confirm()) == .away(.wentBack, "the lane's row is gone"))
        try Cluster.shared().drop(hosts.schema)
        hosts.proxy.close()
    }

    @Test("counts every batch that was answered, also one that changes nothing else")
    func counted() throws {
        let hosts = try TwoHosts()
        let (ada, key) = (try Person("ada"), try limitKey("login"))
        let now = Clock.after(30)
        let once = ada.verify(at: now, attempt: "an attempt of 24 letters")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm(), once) == ["ok", "ok", "ok"])
        let batches = "SELECT batches FROM lane WHERE host = 'one'"
        let rows =
            "SELECT (SELECT count(*) FROM block) + sum(hashtext(sealed::text))::bigint FROM guard"
        let (start, before) = (try hosts.count(batches), try hosts.count(rows))
        let changes: [Change] = [
            // A yes from a server that is primary no more looks like any other.
            once.change(in: hosts.one), ada.status(at: now).change(in: hosts.one),
            key.change(.peek(1), max: 1, in: hosts.one),
        ]
        for (index, change) in changes.enumerated() {
            try #expect(hosts.one.apply([change]).map(\.brief) == ["ok"])
            try #expect(hosts.count(batches) == start + Int64(index) + 1)
        }
        // They have changed nothing.
        try #expect(hosts.count(rows) == before)
        try hosts.end()
    }

    @Test("goes on over a new connection, and decides nothing without one")
    func ended() throws {
        let hosts = try TwoHosts(isCut: true)
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        for round in 1...3 as ClosedRange<Int64> {
            hosts.proxy.cut(Cut(.before, .client, 0))
            try #expect(
                hosts.ask(hosts.one, ada.verify(at: Clock.after(30 * round))) == ["ok"])
        }
        hosts.proxy.close()
        guard case .away(.databaseAway, _) = fault(hosts.one, ada.verify(at: Clock.after(120)))
        else {
            Issue.record("it was decided")
            return
        }
        let look = #expect(throws: StoreFault.self) { try hosts.one.figures() }
        guard case .away(.databaseAway, _) = look else {
            Issue.record("\(String(describing: look))")
            return
        }
        try #expect(hosts.ask(hosts.other, ada.verify(at: Clock.after(120))) == ["ok"])
        try hosts.end()
    }
}
