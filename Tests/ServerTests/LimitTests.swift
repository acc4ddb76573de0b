// Each limit of protocol.md that a test can reach without waiting: at it, and one above. What is
// one too many hears `busy`, and disturbs nobody who was there before.

import Patience
import Server
import Testing

@Suite("Limits", .serialized)
struct LimitTests {
    private let hello = #"{"op":"hello"}"#

    private func expectBusy(_ line: Line) throws {
        #expect(try line.receiveAll().map(brief) == ["busy"])
    }

    @Test("connections to the app sockets, both together: 1,024")
    func appConnections() throws {
        let server = try TestServer()
        var lines = try server.connect(512) + (0..<512).map { _ in try Line(server.otherAppPath) }
        for line in lines { #expect(brief(try line.ask(hello)) == "ok") }
        for path in [server.appPath, server.otherAppPath] { try expectBusy(Line(path)) }
        // Neither the others nor the admins mind.
        #expect(brief(try lines[0].ask(hello)) == "ok")
        #expect(brief(try server.connectAsAdmin().ask(hello)) == "ok")
        lines.removeLast()
        try eventually("a place is free again") {
            try Line(server.otherAppPath).sayHello() == "ok"
        }
        for line in lines { #expect(brief(try line.ask(hello)) == "ok") }
    }

    @Test("connections to the admin socket: 16")
    func adminConnections() throws {
        let server = try TestServer()
        var lines = try (0..<16).map { _ in try server.connectAsAdmin() }
        for line in lines { #expect(brief(try line.ask(hello)) == "ok") }
        try expectBusy(server.connectAsAdmin())
        #expect(brief(try server.connect().ask(hello)) == "ok")
        lines.removeFirst()
        try eventually("a place is free again") {
            try server.connectAsAdmin().sayHello() == "ok"
        }
    }

    @Test(
        "requests under way: 1,024 a connection, a share of them beside many, 16 at least",
        arguments: [
            (0, 1024), (1, 1024), (128, 1024), (129, 1016), (1024, 128), (8192, 16),
            (10_256, 16),
        ])
    func pipelineShare(_ connections: Int, _ requests: Int) {
        #expect(ServerPolicy.pipelineMax(connections: connections) == requests)
    }

    @Test("connections that come and go take no place")
    func manyInTurn() throws {
        let server = try TestServer()
        for _ in 0..<3 {
            for line in try server.connect(1024) { line.endWriting() }
        }
        try eventually("all places are free") {
            let lines = try server.connect(1024)
            let words = try lines.map { try $0.sayHello() }
            return words.allSatisfy { $0 == "ok" }
        }
    }

    @Test("slow hashes: 256")
    func slowHashes() throws {
        let server = try TestServer()
        server.store.hashes.shut()
        let lines = try server.connect(300)
        for (index, line) in lines.enumerated() {
            try line.send(#"{"op":"verify","user":"u\#(index)","code":"zzzz-zzzz-zzzzz"}"#)
        }
        try eventually("each was found to need a hash") { server.store.decided >= 300 }
        // Its answer comes after those decisions have been acted upon.
        #expect(brief(try server.connect().ask(#"{"op":"status","user":"x"}"#)) == "ok")
        server.store.hashes.open()
        let replies = try lines.flatMap { try $0.receive(1) }
        #expect(tally(replies) == ["not_enrolled": 256, "busy": 44])
        // `busy` is over with the crowd.
        let again = #"{"op":"verify","user":"v","code":"zzzz-zzzz-zzzzz"}"#
        #expect(brief(try lines[299].ask(again)) == "not_enrolled")
        try server.expectSound()
    }

    @Test("changes waiting: 65,536, beside the batch that is being decided")
    func changes() throws {
        let server = try TestServer()
        server.store.changes.shut()
        let lines = try server.connect(70)
        let requests = (0..<1024).map { #"{"id":\#($0),"op":"cancel","user":"u"}"# + "\n" }
        let bytes = Array(requests.joined().utf8)
        for line in lines { try line.send(bytes: bytes) }
        for line in lines { line.endWriting() }
        try eventually("a change waits") { server.store.changes.isReached }
        server.store.changes.open()
        var counts: [String: Int] = [:]
        for line in lines {
            let replies = try line.receiveAll()
            #expect(replies.count == 1024)
            counts.merge(tally(replies)) { $0 + $1 }
        }
        let decided = counts["no_enrollment", default: 0]
        #expect(decided + counts["busy", default: 0] == 70 * 1024)
        #expect(decided >= 65_536)
        let omitted = try server.store.figures().omittedEvents
        #expect(try server.results(of: "cancel").count + omitted == decided)
        try server.expectSound()
    }
}

extension Line {
    /// A first word that may be `busy`, or nothing at all.
    func sayHello() throws -> String {
        do {
            try send(#"{"op":"hello"}"#)
        } catch {
            // Closed already; the reason is there to be read.
        }
        return try receive().map(brief) ?? "closed"
    }
}
