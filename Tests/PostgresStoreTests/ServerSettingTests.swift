// What a server is set to do with a COMMIT: a store makes it flush where a role or a database would
// not, and decides nothing where it cannot.

import Glibc
import PostgresHarness
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import PostgresStore

@Suite("A server that does not flush")
struct ServerSettingTests {
    private func expectNothing(
        of store: PostgresStore, _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let ada = try Person("ada")
        let fault = #expect(throws: StoreFault.self, comment, sourceLocation: sourceLocation) {
            try store.apply([ada.enroll().change(in: store)])
        }
        #expect(
            fault
                == .away(
                    .notReplicated,
                    "a COMMIT is not replicated, or not flushed, as the database is set"),
            comment, sourceLocation: sourceLocation)
    }

    @Test("because its database says so is made to")
    func overridden() throws {
        let hosts = try TwoHosts()
        try hosts.direct.run("CREATE ROLE hasty_\(hosts.schema) LOGIN SUPERUSER")
        try hosts.direct.run("ALTER ROLE hasty_\(hosts.schema) SET synchronous_commit = off")
        let conninfo = hosts.one.conninfo.replacing(
            "user=\(Cluster.user)", with: "user=hasty_\(hosts.schema)")
        let off = try Connection(conninfo, by: .usual)
        try #expect(
            off.run("SELECT (current_setting('synchronous_commit') = 'off')::int::bigint")
                .int64(0, 0) == 1)
        let hasty = try PostgresStore(
            conninfo, DatabaseHost(madeUp: "hasty"), hosts.ring, .oneServer, at: Clock.start)
        try #expect(hosts.ask(hasty, Person("ada").enroll()) == ["ok"])
        try hosts.end()
        try Connection.ofTests().run("DROP ROLE hasty_\(hosts.schema)")
    }

    @Test("whatever is set for the session, keeps nothing")
    func session() throws {
        let hosts = try TwoHosts(isCut: true)
        // A pooler that gives each transaction another session forgets what was set.
        hosts.proxy.replace("SET synchronous_commit = on", with: "SET synchronous_commit = no")
        let store = try PostgresStore(
            hosts.one.conninfo, DatabaseHost(madeUp: "pooled"), hosts.ring, .oneServer,
            at: Clock.start)
        #expect(hosts.proxy.replaced > 0)
        try expectNothing(of: store)
        try #expect(hosts.count("SELECT count(*) FROM factor") == 0)
        try hosts.end()
    }

    @Test("its log, or whole pages of it, keeps nothing")
    func server() throws {
        let files = try TemporaryDirectory(isInMemory: true)
        let server = try PostgresServer(in: files.path)
        let conninfo = "host=\(files.path) user=\(Cluster.user) dbname=postgres"
        let ring = KeyRing(current: .generate())
        for (index, setting) in ["fsync=off", "full_page_writes=off"].enumerated() {
            try server.start([setting])
            if index == 0 { try PostgresStore.make(conninfo, ring) }
            let store = try PostgresStore(
                conninfo, DatabaseHost(madeUp: "one"), ring, .oneServer, at: Clock.start)
            try expectNothing(of: store, "\(setting)")
            try server.stop(SIGINT)
        }
    }
}
