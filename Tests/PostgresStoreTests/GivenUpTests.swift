// A connection that its lane has given up, and whose last statements reach the server afterwards:
// they write nothing that anybody else has decided anew.

import Accounts
import Patience
import PostgresHarness
import Store
import StoreHarness
import Testing

@testable import PostgresStore

@Suite("A connection that was given up")
struct GivenUpTests {
    /// Of a batch on a connection that knows all statements: reading is six statements of Bind,
    /// Describe and Execute, and Sync; writing is two.
    private enum Message {
        static let write = 19
        static let commit = 22
    }

    /// Verifies over a connection that is held at a message and released once somebody waits for
    /// it, and returns the answer.
    private func held(
        _ hosts: TwoHosts, at message: Int, _ verify: Request
    ) throws -> [String]? {
        let answer = Guarded<[String]?>(nil)
        let one = hosts.one
        hosts.proxy.cut(Cut(.held, .client, message))
        let thread = JoinableThread(named: "host") {
            let result = Result { try one.apply([verify.change(in: one)]).map(\.brief) }
            answer.change { $0 = (try? result.get()) ?? ["\(result)"] }  // Compared by the test.
        }
        // It connects anew, and waits for a row that the old connection has locked.
        try eventually("somebody waits for the old connection") {
            try hosts.count(
                """
                SELECT count(*) FROM pg_locks w JOIN pg_locks h ON h.pid = w.pid
                WHERE NOT w.granted AND h.relation = '\(hosts.schema).lane'::regclass
                """) > 0
        }
        hosts.proxy.release()
        thread.join()
        #expect(hosts.proxy.cuts == 1)
        return answer.current
    }

    @Test("before it wrote writes no more, and its request is decided anew, once")
    func unwritten() throws {
        let hosts = try TwoHosts(isCut: true)
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        let verify = ada.verify(at: Clock.after(30))
        try #expect(held(hosts, at: Message.write, verify) == ["ok"])
        try #expect(hosts.ask(hosts.other, verify) == ["replayed"])
        // The lane goes on.
        try #expect(hosts.ask(hosts.one, ada.verify(at: Clock.after(60))) == ["ok"])
        try #expect(hosts.one.figures().lastEvent == 5)
        try hosts.end()
    }

    @Test("before its COMMIT is waited for, and what it has kept is answered, once")
    func uncommitted() throws {
        let hosts = try TwoHosts(isCut: true)
        let ada = try Person("ada")
        try #expect(hosts.ask(hosts.one, ada.enroll(), ada.confirm()) == ["ok", "ok"])
        let verify = ada.verify(at: Clock.after(30))
        try #expect(held(hosts, at: Message.commit, verify) == ["ok"])
        try #expect(hosts.ask(hosts.other, verify) == ["replayed"])
        try #expect(hosts.ask(hosts.one, ada.verify(at: Clock.after(60))) == ["ok"])
        try #expect(hosts.one.figures().lastEvent == 5)
        try hosts.end()
    }
}
