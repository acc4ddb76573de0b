// `check` on the admin socket: a job in the background, one at a time, ended by a drain, with an
// event before it begins.

import Glibc
import Patience
import Store
import Testing

@Suite("A check")
struct CheckTests {
    private let check = #"{"op":"check"}"#

    @Test("runs in the background, and is one at a time")
    func beside() throws {
        let server = try TestServer()
        try server.enrol("ada")
        server.store.checks.shut()
        let line = try server.connectAsAdmin()
        try line.send(check)
        try eventually("it is under way") { server.store.checks.isReached }
        let other = try server.connectAsAdmin()
        #expect(brief(try other.ask(check)) == "busy")
        let verify = #"{"op":"verify","user":"ada","code":"\#(try server.code())"}"#
        #expect(brief(try server.connect().ask(verify)) == "ok")
        server.store.checks.open()
        let reply = try line.receive(1)
        #expect(reply[0].hasPrefix(#"{"ok":true,"accounts":1,"#), "\(reply)")
        // Both were asked for, and so both are events: that they begin, and how they end.
        #expect(try server.results(of: "check") == ["begun", "begun", "busy", "ok"])
        let events = try server.store.memory.events().filter { $0.label.op == "check" }
        #expect(events.allSatisfy { $0.app == "" && $0.user == "" })
        #expect(events.allSatisfy { $0.label.peer.uid == getuid() })
    }

    @Test("holds what comes after it on its connection")
    func holds() throws {
        let server = try TestServer()
        let line = try server.connectAsAdmin()
        try line.send(check + "\n" + #"{"op":"hello"}"#)
        let replies = try line.receive(2)
        #expect(replies[0].contains("problem_count") && replies[1].contains("version"))
    }

    @Test("is given up when the server drains")
    func drained() throws {
        let server = try TestServer()
        server.store.checks.shut()
        let line = try server.connectAsAdmin()
        let idle = try server.connect()
        try line.send(check)
        try eventually("it is under way") { server.store.checks.isReached }
        let isDone = server.drainElsewhere()
        #expect(try idle.receiveAll() == [])
        #expect(!isDone.value)
        server.store.checks.open()
        let replies = try line.receiveAll()
        #expect(replies.count == 1 && replies[0].contains("stopped before its end"), "\(replies)")
        try eventually("the drain is over") { isDone.value }
        // It has not looked at everything, and does not say so.
        #expect(try server.results(of: "check") == ["begun", "problems"])
    }

    @Test("is not made when its event cannot be written")
    func full() throws {
        let server = try TestServer()
        server.store.fail(with: .full("no space"))
        #expect(brief(try server.connectAsAdmin().ask(check)) == "unavailable")
        server.store.fail(with: nil)
        #expect(try server.results(of: "check") == [])
    }
}
