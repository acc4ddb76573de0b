// A primary that dies under load, and its standby in its place: what was answered is there, and
// while no standby has it, nothing is answered.

import Accounts
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

    private func store(_ durability: Durability) throws -> PostgresStore {
        try PostgresStore(conninfo, host: "one", ring, durability, at: Clock.start)
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
        try startStandby()
        // It may have been kept: then whoever asks again is told that it was used.
        let again = try ask(store, early)
        #expect(["ok", "replayed"].contains(again))

        let answered = Answered()
        let thread = load(store, people, answered)
        try eventually("a thousand answers") { answered.count > 1_000 }
        try primary.stop()
        thread.join()
        try standby.promote()

        try eventually("the new primary can write") {
            do throws(DatabaseFault) {
                _ = try Connection(conninfo, by: .usual)
                return true
            } catch {
                return false
            }
        }

        // The new primary has no standby of its own, and it is not taken for more than it is.
        let lone = #expect(throws: StoreFault.self) { try ask(store, people[0].status()) }
        #expect("\(String(describing: lone))".contains("not replicated"))
        let survivor = try self.store(.oneServer)
        for (person, step) in answered.all {
            let last = people[person].verify(at: Clock.after(30 * step))
            try #expect(ask(survivor, last) == "replayed", "person \(person), step \(step)")
        }
        #expect(answered.all.count == people.count)
        try #expect(survivor.check().problems == [])
        try standby.stop()
    }
}
