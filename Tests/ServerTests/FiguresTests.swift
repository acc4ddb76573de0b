// stats, metrics and health over a socket, while work is under way, while the lane hangs, and while
// the store cannot be read.

import Patience
import Store
import Testing

@Suite("Figures")
struct FiguresTests {
    private func ask(_ op: String, _ server: TestServer) throws -> String {
        try server.connectAsAdmin().ask(#"{"op":"\#(op)"}"#)
    }

    @Test("tell of a check and of a change of record keys that are under way")
    func jobs() throws {
        let server = try TestServer()
        #expect(try ask("stats", server).contains(#""jobs":[]"#))
        server.store.checks.shut()
        let line = try server.connectAsAdmin()
        try line.send(#"{"op":"check"}"#)
        try eventually("it is under way") { server.store.checks.isReached }
        server.store.rotation.set(JobProgress(name: "rotate_key", done: 7, total: 9))
        let jobs =
            #""jobs":[{"name":"check","done":0,"total":0},"#
            + #"{"name":"rotate_key","done":7,"total":9}]"#
        let stats = try ask("stats", server)
        #expect(stats.contains(jobs), "\(stats)")
        #expect(stats.contains(#""record_keys":["#), "\(stats)")
        let metrics = try ask("metrics", server)
        #expect(metrics.contains(#"totpd_job_records_done{job=\"rotate_key\"} 7\n"#), "\(metrics)")
        server.store.checks.open()
        _ = try line.receive(1)
    }

    @Test("do not wait for a lane that hangs, and say so")
    func stuck() throws {
        let server = try TestServer()
        server.store.changes.shut()
        let line = try server.connect()
        try line.send(#"{"op":"verify","user":"ada","code":"123456"}"#)
        try eventually("the lane hangs") { server.store.changes.isReached }
        let health = try ask("health", server)
        #expect(health.hasPrefix(#"{"ok":true,"state":"failing","reasons":["lane_stuck""#))
        #expect(brief(try ask("stats", server)) == "unavailable")
        #expect(brief(try ask("metrics", server)) == "unavailable")
        server.store.changes.open()
        _ = try line.receive(1)
        let later = try ask("health", server)
        #expect(!later.contains("lane_stuck"), "\(later)")
        try server.expectSound()
    }

    @Test("of a store that cannot be read are none, and the log says why")
    func unreadable() throws {
        let server = try TestServer()
        server.store.fail(with: .full("no space"))
        let health = try ask("health", server)
        #expect(health.hasPrefix(#"{"ok":true,"state":"failing","reasons":["store_unreadable""#))
        #expect(brief(try ask("stats", server)) == "unavailable")
        #expect(brief(try ask("metrics", server)) == "unavailable")
        let said = server.faults.value.filter { $0.hasPrefix("the store could not be read: ") }
        #expect(said.count == 3 && said.allSatisfy { $0.contains("no space") }, "\(said)")
        server.store.fail(with: nil)
        #expect(brief(try ask("stats", server)) == "ok")
    }
}
