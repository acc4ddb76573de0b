// Many requests on one connection: answered in order, carried out in order, and no more of them at
// a time than protocol.md says.

import Patience
import Server
import Testing

@Suite("A pipeline")
struct PipelineTests {
    private func hellos(_ numbers: Range<Int>) -> [UInt8] {
        Array(numbers.map { #"{"op":"hello","id":\#($0)}"# + "\n" }.joined().utf8)
    }

    private func ids(_ replies: [String]) -> [String] {
        replies.map { $0.components(between: #"{"id":"#, and: ",").first ?? $0 }
    }

    @Test("of thousands is answered in order", arguments: [1023, 1024, 1025, 5000])
    func thousands(count: Int) throws {
        let server = try TestServer()
        let line = try server.connect()
        try line.send(bytes: hellos(0..<count))
        #expect(ids(try line.receive(count)) == (0..<count).map { "\($0)" })
        #expect(brief(try line.ask(#"{"op":"hello"}"#)) == "ok")
    }

    @Test(
        "of thousands, ended by closing our side, is answered in order to the last",
        arguments: [1024, 1025, 3000])
    func thousandsThenEnd(count: Int) throws {
        let server = try TestServer()
        let line = try server.connect()
        try line.send(bytes: hellos(0..<count))
        line.endWriting()
        #expect(ids(try line.receiveAll()) == (0..<count).map { "\($0)" })
    }

    @Test("of changes is answered in order, and each is decided", arguments: [1024, 3000])
    func changes(count: Int) throws {
        let server = try TestServer()
        let line = try server.connectAsAdmin()
        let requests = (0..<count).map {
            #"{"op":"import","id":\#($0),"user":"u\#($0)","secret":"\#(usualSecret)"}"# + "\n"
        }
        try line.send(bytes: Array(requests.joined().utf8))
        line.endWriting()
        let replies = try line.receiveAll()
        #expect(replies == (0..<count).map { #"{"id":\#($0),"ok":true}"# })
        #expect(try server.store.check().accounts == count)
        try server.expectSound()
    }

    @Test("has what is slow wait, and what comes after it wait for that")
    func slow() throws {
        let server = try TestServer()
        let line = try server.connect()
        let enrolled = try line.ask(#"{"op":"enroll","user":"ada"}"#)
        let secret = try #require(enrolled.components(between: #""secret":""#, and: #"""#).first)
        let code = try server.code(secret)
        // `confirm` hashes ten codes; `status` would be ready long before.
        try line.send(
            #"{"id":1,"op":"status","user":"ada"}"#,
            #"{"id":2,"op":"confirm","user":"ada","code":"\#(code)"}"#,
            #"{"id":3,"op":"status","user":"ada"}"#,
            #"{"id":4,"op":"verify","user":"ada","code":"zzzz-zzzz-zzzzz"}"#,
            #"{"id":5,"op":"enroll","user":"bob","qr":"svg"}"#, #"{"id":6,"op":"hello"}"#,
            #"{"id":7,"op":"cancel","user":"bob"}"#)
        let replies = try line.receive(7)
        #expect(ids(replies) == ["1", "2", "3", "4", "5", "6", "7"])
        #expect(replies.map(brief) == ["ok", "ok", "ok", "wrong_code", "ok", "ok", "ok"])
        #expect(replies[0].contains(#""enrolled":false,"pending":true"#))
        #expect(replies[2].contains(#""enrolled":true,"pending":false"#))
        try server.expectSound()
    }

    @Test("takes a bad line in its place, and goes on")
    func badLines() throws {
        let server = try TestServer()
        let line = try server.connect()
        let long = String(repeating: "x", count: 16_384)
        let padded = #"{"op":"hello"}"# + String(repeating: " ", count: 16_384 - 14)
        try line.send(
            #"{"op":"hello"}"#, "", long, long + "x", padded, padded + " ", "{\u{b}}",
            "{\"op\":\"hello\"}\r", "{\"op\":\r\"hello\"}\u{c}", #"{"op":"hello"}"#)
        try line.send(bytes: [0xff, 0xfe, 0x0a, 0x00, 0x0a])
        let expected = [
            "ok", "bad_request", "bad_request", "too_long", "ok", "too_long", "bad_request", "ok",
            "bad_request", "ok", "bad_request", "bad_request",
        ]
        #expect(try line.receive(expected.count).map(brief) == expected)
    }

    @Test("may come byte by byte")
    func byteByByte() throws {
        let server = try TestServer()
        let line = try server.connect()
        for byte in hellos(0..<3) { try line.send(bytes: [byte]) }
        #expect(ids(try line.receive(3)) == ["0", "1", "2"])
    }

    /// A reply is ten times its request here, so that the answers pile up, not the requests.
    @Test("whose answers nobody reads is taken no further, and answered in full once they are")
    func unread() throws {
        let server = try TestServer()
        let line = try server.connect()
        let bytes = hellos(0..<200_000)
        let sent = try line.send(bytes: bytes, .seconds(2))
        #expect(sent < bytes.count, "totpd read on, for ever")
        let whole = bytes[..<sent].count { $0 == 0x0a }
        // Requests of 24 bytes, answers of 260: 1 MiB of answers, one batch under way, one read of
        // 256 KiB, and the kernel's own 228 KiB on both sides make 26,000.
        #expect(whole < 30_000)
        // Others are not disturbed.
        #expect(brief(try server.connect().ask(#"{"op":"hello"}"#)) == "ok")
        #expect(ids(try line.receive(whole)) == (0..<whole).map { "\($0)" })
        // The line that was cut is completed, and answered.
        let end = bytes[sent...].firstIndex(of: 0x0a) ?? sent
        try line.send(bytes: Array(bytes[sent...end]))
        #expect(ids(try line.receive(1)) == ["\(whole)"])
    }

    @Test("has 1,024 requests under way, and the next one waits outside")
    func underWay() throws {
        let server = try TestServer()
        server.store.changes.shut()
        let line = try server.connect()
        let requests = (0..<1500).map { #"{"id":\#($0),"op":"cancel","user":"u"}"# + "\n" }
        try line.send(bytes: Array(requests.joined().utf8))
        try eventually("a change waits") { server.store.changes.isReached }
        #expect(brief(try server.connect().ask(#"{"op":"hello"}"#)) == "ok")
        server.store.changes.open()
        #expect(ids(try line.receive(1500)) == (0..<1500).map { "\($0)" })
        #expect(try server.results(of: "cancel").count == 1500)
        try server.expectSound()
    }
}
