// Ends of a connection, of a line and of the server: whatever was asked in full is decided, what
// was not is not, and nobody waits for an answer that will not come.

import Glibc
import Patience
import Server
import Store
import Testing

@Suite("Closing")
struct ClosingTests {
    private let hello = #"{"op":"hello"}"#

    private func verify(_ server: TestServer, _ user: String = "ada") throws -> String {
        #"{"op":"verify","user":"\#(user)","code":"\#(try server.code())"}"#
    }

    @Test("our side leaves the answers to come")
    func halfClosed() throws {
        let server = try TestServer()
        try server.enrol("ada")
        server.store.changes.shut()
        let line = try server.connect()
        try line.send(hello, try verify(server), hello)
        line.endWriting()
        try eventually("the change is under way") { server.store.changes.isReached }
        server.store.changes.open()
        #expect(try line.receiveAll().map(brief) == ["ok", "ok", "ok"])
        try server.expectSound()
    }

    @Test("with nothing asked is closing")
    func nothingAsked() throws {
        let server = try TestServer()
        let line = try server.connect()
        line.endWriting()
        #expect(try line.receiveAll() == [])
    }

    @Test("amid slow work leaves its answer to come")
    func slowWork() throws {
        let server = try TestServer()
        server.store.hashes.shut()
        let line = try server.connect()
        try line.send(#"{"op":"verify","user":"ada","code":"zzzz-zzzz-zzzzz"}"#, hello)
        line.endWriting()
        try eventually("the hash is under way") { server.store.hashes.isReached }
        server.store.hashes.open()
        #expect(try line.receiveAll().map(brief) == ["not_enrolled", "ok"])
    }

    @Test("amid a line is a bad request, and the line is never carried out")
    func halfALine() throws {
        let server = try TestServer()
        try server.enrol("ada")
        let line = try server.connect()
        try line.send(hello)
        try line.send(bytes: Array(try verify(server).utf8))
        line.endWriting()
        #expect(try line.receiveAll().map(brief) == ["ok", "bad_request"])
        #expect(try server.results(of: "verify") == [])
        // The same code is good still.
        #expect(brief(try server.connect().ask(try verify(server))) == "ok")
    }

    @Test("amid a line that waited behind slow work is a bad request as well")
    func halfALineHeld() throws {
        let server = try TestServer()
        server.store.hashes.shut()
        let line = try server.connect()
        try line.send(#"{"op":"verify","user":"ada","code":"zzzz-zzzz-zzzzz"}"#)
        try line.send(bytes: Array(hello.utf8))
        line.endWriting()
        try eventually("the hash is under way") { server.store.hashes.isReached }
        server.store.hashes.open()
        #expect(try line.receiveAll().map(brief) == ["not_enrolled", "bad_request"])
    }

    /// One line, one answer: `too_long` "for the whole line" has been said.
    @Test("amid a line that was too long already says no more about it")
    func halfATooLongLine() throws {
        let server = try TestServer()
        let line = try server.connect()
        try line.send(bytes: [UInt8](repeating: 0x61, count: 20_000))
        line.endWriting()
        #expect(try line.receiveAll().map(brief) == ["too_long"])
    }

    @Test("altogether before the answer does not undo the decision")
    func hungUp() throws {
        let server = try TestServer()
        try server.enrol("ada")
        server.store.changes.shut()
        do {
            let line = try server.connect()
            try line.send(try verify(server))
            try eventually("the change is under way") { server.store.changes.isReached }
        }
        server.store.changes.open()
        try eventually("it is decided") { try server.results(of: "verify") == ["ok"] }
        #expect(brief(try server.connect().ask(try verify(server))) == "replayed")
    }

    @Test("altogether at once after asking is no way to guess for free")
    func hungUpAtOnce() throws {
        let server = try TestServer()
        try server.enrol("ada")
        for code in try server.wrongCodes(20) {
            try server.connect().send(#"{"op":"verify","user":"ada","code":"\#(code)"}"#)
        }
        try eventually("all are decided") { try server.results(of: "verify").count == 20 }
        let results = try server.results(of: "verify")
        #expect(results.count { $0 == "wrong_code" } == 5)
        #expect(results.count { $0 == "throttled" } == 15)
    }

    /// In a process of its own: a debug build of SwiftNIO asserts when a write that fails, because
    /// the peer is gone, closes the channel inside `channelReadComplete`.
    @Test("altogether with answers on their way harms nobody else")
    func hungUpOnAnswers() async throws {
        await #expect(processExitsWith: .success) {
            let server = try TestServer()
            for count in [1, 100, 1024, 1025, 3000] {
                let bytes = Array(String(repeating: "{\"op\":\"hello\"}\n", count: count).utf8)
                for taken in [0, 1, min(count, 1024)] {
                    let line = try server.connect()
                    try line.send(bytes: bytes)
                    _ = try line.receive(taken)
                }
            }
            let line = try server.connect()
            try #require(brief(try line.ask(#"{"op":"hello"}"#)) == "ok")
        }
    }

    // MARK: Draining

    @Test("the server answers what is under way, and takes nothing new")
    func draining() throws {
        let server = try TestServer()
        for user in 0..<5 { try server.enrol("u\(user)") }
        let idle = try server.connect()
        #expect(brief(try idle.ask(hello)) == "ok")
        server.store.changes.shut()
        let lines = try server.connect(5)
        for (user, line) in lines.enumerated() { try line.send(try verify(server, "u\(user)")) }
        let after = try server.connect()
        #expect(brief(try after.ask(hello)) == "ok")
        let isDone = server.drainElsewhere()
        #expect(try idle.receiveAll() == [])
        #expect(!isDone.value)
        #expect(throws: (any Error).self) { try server.connect() }
        server.store.changes.open()
        for line in lines { #expect(try line.receiveAll().map(brief) == ["ok"]) }
        try eventually("the drain is over") { isDone.value }
        #expect(try server.results(of: "verify") == ["ok", "ok", "ok", "ok", "ok"])
        try server.expectSound()
    }

    @Test("the server waits for slow work, and for the decision after it")
    func drainingSlowWork() throws {
        let server = try TestServer()
        server.store.hashes.shut()
        let line = try server.connect()
        try line.send(#"{"op":"verify","user":"ada","code":"zzzz-zzzz-zzzzz"}"#)
        try eventually("the hash is under way") { server.store.hashes.isReached }
        let isDone = server.drainElsewhere()
        try eventually("nobody can connect") { access(server.appPath, F_OK) == 0 }
        server.store.hashes.open()
        #expect(try line.receiveAll().map(brief) == ["not_enrolled"])
        try eventually("the drain is over") { isDone.value }
        #expect(try server.results(of: "verify") == ["not_enrolled"])
    }

    @Test("the server with nobody there is over at once")
    func drainingNothing() throws {
        let server = try TestServer()
        let time = ContinuousClock().measure { server.drain() }
        #expect(time < .seconds(9))
    }

    // MARK: Faults

    @Test("is not what a store that is full does to a connection")
    func fullStore() throws {
        let server = try TestServer()
        try server.enrol("ada")
        let line = try server.connect()
        server.store.fail(with: .full("no space"))
        #expect(try line.ask(try verify(server)).hasPrefix(#"{"ok":false,"error":"unavailable"}"#))
        #expect(brief(try line.ask(#"{"op":"status","user":"ada"}"#)) == "unavailable")
        #expect(brief(try line.ask(hello)) == "ok")
        server.store.fail(with: nil)
        #expect(brief(try line.ask(try verify(server))) == "ok")
        let fault = "the store is full (no space)"
        #expect(server.faults.value == [fault, fault])
    }
}
