// A primary that dies under load, and its standby in its place: what was answered is there, and
// while no standby has it, nothing is answered.

import Accounts
import Glibc
import Patience
import PostgresHarness
import Scratch
import Secrets
import Store
import StoreHarness
import Synchronization
import Testing

@testable import PostgresStore

@Suite("A primary and its standby", .waits)
struct FailoverTests {
    private let files: [TemporaryDirectory]
    private let primary: PostgresServer
    private let standby: PostgresServer
    private let ring = KeyRing(current: .generate())
    /// Names both: whoever can write is the one.
    private let conninfo: String

    init() throws {
        files = [try TemporaryDirectory(), try TemporaryDirectory()]
        primary = try PostgresServer(in: files[0].path)
        try primary.copy(to: files[1].path)
        standby = try PostgresServer(in: files[1].path)
        conninfo = "host=\(files[0].path),\(files[1].path) user=\(Cluster.user) dbname=postgres"
        try primary.start(["synchronous_standby_names=*"])
        try startStandby()
    }

    private func startStandby() throws {
        try standby.start(["primary_conninfo=host=\(primary.directory) user=\(Cluster.user)"])
    }

    private static func only(_ server: PostgresServer) -> String {
        "host=\(server.directory) user=\(Cluster.user) dbname=postgres"
    }

    private func store(
        _ durability: Durability, _ host: String = "one", on server: PostgresServer? = nil
    ) throws -> PostgresStore {
        try PostgresStore(
            server.map(Self.only) ?? conninfo, DatabaseHost(madeUp: host), ring, durability,
            at: Clock.start)
    }

    private func waitUntilWritable() throws {
        try eventually("the new primary can write") {
            do throws(DatabaseFault) {
                _ = try Connection(Self.only(standby), by: .usual)
                return true
            } catch {
                return false
            }
        }
    }

    /// Nil when it was answered, which fails the test.
    private func fault(_ store: PostgresStore, _ requests: Request...) -> StoreFault? {
        #expect(throws: StoreFault.self) {
            try store.apply(requests.map { $0.change(in: store) })
        }
    }

    private func ask(_ store: PostgresStore, _ request: Request) throws -> String {
        try store.apply([request.change(in: store)])[0].brief
    }

    /// What was answered with yes: by person, the last step.
    private final class Answered: Sendable {
        private let steps = Mutex<[Int: Int64]>([:])
        private let sum = Mutex(0)

        func note(_ person: Int, _ step: Int64) {
            steps.withLock { $0[person] = step }
            sum.withLock { $0 += 1 }
        }

        var all: [Int: Int64] { steps.withLock { $0 } }
        var count: Int { sum.withLock { $0 } }
    }

    /// Verifies for everybody, step after step, until the store is away.
    private func load(
        _ store: PostgresStore, _ people: [Person], _ answered: Answered
    ) -> JoinableThread {
        JoinableThread(named: "load") {
            for step in 1...100_000 as ClosedRange<Int64> {
                do throws(StoreFault) {
                    let results = try store.apply(
                        people.map { $0.verify(at: Clock.after(30 * step)).change(in: store) })
                    for (person, result) in results.enumerated() where result.brief == "ok" {
                        answered.note(person, step)
                    }
                } catch {
                    return
                }
            }
        }
    }

    @Test("lose nothing that was answered, and answer nothing that one has alone")
    func failover() throws {
        try PostgresStore.make(conninfo, ring)
        let store = try store(.standby)
        let people = try (0..<20).map { try Person("user \($0)") }
        for person in people { try #expect(ask(store, person.bring(at: Clock.start)) == "ok") }

        // Without the standby, COMMIT waits: nobody is told anything.
        try standby.stop()
        let early = people[0].verify(at: Clock.after(30))
        let alone = #expect(throws: StoreFault.self) { try ask(store, early) }
        guard case .away = alone else {
            Issue.record("\(String(describing: alone))")
            return
        }
        try #expect(store.figures().away == .notReplicated)
        try startStandby()
        try eventually("the standby is there") { try store.figures().away == nil }
        // It may have been kept: then whoever asks again is told that it was used.
        let again = try ask(store, early)
        #expect(["ok", "replayed"].contains(again))

        let answered = Answered()
        let thread = load(store, people, answered)
        try eventually("a thousand answers") { answered.count > 1_000 }
        try primary.stop()
        thread.join()
        try standby.promote()

        try waitUntilWritable()

        // The new primary has no standby of its own, and it is not taken for more than it is.
        let lone = #expect(throws: StoreFault.self) { try ask(store, people[0].status()) }
        guard case .away(.notReplicated, _) = lone else {
            Issue.record("\(String(describing: lone))")
            return
        }
        try #expect(store.figures().away == .notReplicated)
        let survivor = try self.store(.oneServer)
        for (person, step) in answered.all {
            let last = people[person].verify(at: Clock.after(30 * step))
            try #expect(ask(survivor, last) == "replayed", "person \(person), step \(step)")
        }
        #expect(answered.all.count == people.count)
        try #expect(survivor.check().problems == [])
        try standby.stop()
    }

    @Test("are told apart when one hangs, and it says yes to nobody when it comes back")
    func hangs() throws {
        try PostgresStore.make(conninfo, ring)
        let store = try store(.oneServer)
        // This host reaches no other server.
        let cutOff = try self.store(.oneServer, "two", on: primary)
        let ada = try Person("ada")
        let once = ada.verify(at: Clock.after(30), attempt: "an attempt of 24 letters")
        try #expect(ask(store, ada.bring(at: Clock.start)) == "ok")
        try #expect(ask(cutOff, once) == "ok")
        try #expect(ask(cutOff, once) == "ok")

        try primary.freeze()
        try standby.promote()
        // What was under way is not answered; what comes then is, by the server behind it.
        guard case .away(.databaseAway, _) = fault(store, ada.status()) else {
            Issue.record("a server that hangs has answered")
            return
        }
        try waitUntilWritable()
        try eventually("the server behind it answers") {
            do throws(StoreFault) {
                return try store.apply([once.change(in: store)])[0].brief == "ok"
            } catch {
                return false
            }
        }
        try #expect(ask(store, ada.verify(at: Clock.after(60))) == "ok")

        // It answers questions as before, and its own host asks it: also a yes that changes
        // nothing would be one that nobody else knows of.
        try primary.thaw()
        guard case .away(.databaseAway, _) = fault(cutOff, once, ada.status()) else {
            Issue.record("a server that is primary no more has answered")
            return
        }
        try primary.stop()
        try standby.stop()
    }

    @Test("that had not got all are found out, and nothing is decided on it")
    func lossy() throws {
        // The server promises nothing of its standby, and whoever set it up takes that.
        try standby.stop()
        try primary.stop(SIGINT)
        try primary.start()
        try PostgresStore.make(conninfo, ring)
        let store = try store(.oneServer)
        let ada = try Person("ada")
        try #expect(ask(store, ada.bring(at: Clock.start)) == "ok")
        try startStandby()
        try eventually("the standby has it") {
            try store.figures().accounts == 1 && hasCaughtUp()
        }
        try standby.stop()
        let verify = ada.verify(at: Clock.after(30))
        try #expect(ask(store, verify) == "ok")
        try primary.stop()
        try startStandby()
        try standby.promote()
        try waitUntilWritable()
        for _ in 0..<2 {
            #expect(
                fault(store, verify)
                    == .away(.wentBack, "it has kept 2 batches of this lane, and says 1"))
        }
        try #expect(store.figures().away == .wentBack)
        try standby.stop()
    }

    private func hasCaughtUp() throws -> Bool {
        try Connection(Self.only(primary), by: .usual).run(
            "SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()"
        ).int64(0, 0) == 1
    }
}
