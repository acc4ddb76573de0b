// Lines that are no requests, on the real sockets: each gets its one refusal, and the lines around
// it are not disturbed.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("Bad input to the real daemon", .serialized, .waits)
struct BadInputTests {
    let daemon: DaemonProcess
    private static let hello = #"{"op":"hello"}"#

    init() throws { daemon = try DaemonProcess.ready() }

    /// A `hello` of exactly so many bytes.
    private static func hello(bytes: Int) -> String {
        #"{"op":"hello""# + String(repeating: " ", count: bytes - 14) + "}"
    }

    @Test("a line of 16,384 bytes is read, one of 16,385 is too long, and the next is read again")
    func lineLimit() throws {
        let client = try daemon.connect()
        for (bytes, brief) in [(16_383, "ok"), (16_384, "ok"), (16_385, "too_long")] {
            #expect(try client.ask(Self.hello(bytes: bytes)).brief == brief)
            #expect(try client.ask(Self.hello).ok)
        }
        for bytes in [32_768, 65_536, 1_000_000] {
            let long = String(repeating: "x", count: bytes)
            #expect(try client.ask([long, Self.hello]).map(\.brief) == ["too_long", "ok"])
        }
    }

    @Test("a request cut anywhere is read as one, and one sent byte by byte")
    func pieces() throws {
        let ada = try daemon.imported("ada")
        let client = try daemon.connect()
        let other = try daemon.connect()
        let bytes = Array((ada.showing + "\n" + Self.hello + "\n").utf8)
        for cut in bytes.indices {
            try client.send(bytes: Array(bytes[..<cut]))
            // A round trip, so that the daemon has seen the first part alone.
            #expect(try other.ask(Self.hello).ok)
            try client.send(bytes: Array(bytes[cut...]))
            #expect(try [client.reply().brief, client.reply().brief] == ["not_permitted", "ok"])
        }
        for byte in bytes { try client.send(bytes: [byte]) }
        #expect(try [client.reply().brief, client.reply().brief] == ["not_permitted", "ok"])
    }

    private static let faulty: [(String, [UInt8])] = [
        ("invalid UTF-8", Array(#"{"op":"status","user":""#.utf8) + [0xff] + Array("\"}".utf8)),
        ("overlong UTF-8", Array(#"{"op":"hello","id":""#.utf8) + [0xc0, 0xaf, 0x22, 0x7d]),
        ("a surrogate", Array(#"{"op":"hello","id":""#.utf8) + [0xed, 0xa0, 0x80, 0x22, 0x7d]),
        ("NUL in a string", Array("{\"op\":\"hello\",\"id\":\"\0\"}".utf8)),
        ("NUL before the end", Array("{\"op\":\"hello\"}\0".utf8)),
        ("NUL alone", [0]),
        ("nothing", []),
        ("spaces", Array("    ".utf8)),
        ("a carriage return alone", [0x0d]),
        ("a byte order mark", [0xef, 0xbb, 0xbf] + Array(hello.utf8)),
        ("an array bomb", Array(String(repeating: "[", count: 16_000).utf8)),
        ("an object bomb", Array(String(repeating: #"{"a":"#, count: 3_000).utf8)),
        ("a bomb in a field", Array((#"{"op":"# + String(repeating: "[", count: 16_000)).utf8)),
        (
            "a long number",
            Array(#"{"op":"hello","id":\#(String(repeating: "9", count: 16_000))}"#.utf8)
        ),
        ("a fraction", Array(#"{"op":"hello","id":1.0}"#.utf8)),
        ("minus zero", Array(#"{"op":"hello","id":-0}"#.utf8)),
        ("a lone surrogate", Array(#"{"op":"hello","id":"\ud800"}"#.utf8)),
        ("two objects", Array(#"{"op":"hello"}{"op":"hello"}"#.utf8)),
        ("a field twice", Array(#"{"op":"hello","op":"hello"}"#.utf8)),
        ("a trailing comma", Array(#"{"op":"hello",}"#.utf8)),
        ("all bytes", (0...255).map { $0 == 10 ? 11 : UInt8($0) }),
    ]

    @Test(
        "every fault is one bad_request, and the next line is answered", arguments: faulty.indices)
    func fault(_ index: Int) throws {
        let (name, bytes) = Self.faulty[index]
        let client = try daemon.connect()
        try client.send(bytes: bytes + [10] + Array((Self.hello + "\n").utf8))
        #expect(try client.reply().brief == "bad_request", "\(name)")
        #expect(try client.reply().brief == "ok", "\(name)")
    }

    @Test("a hundred thousand lines of garbage, and then a good one")
    func garbage() throws {
        var random = SeededGenerator.announced("garbage")
        let client = try daemon.connect()
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            for _ in 0..<500 {
                for _ in 0..<Int.random(in: 0...24, using: &random) {
                    let byte = UInt8.random(in: 0...255, using: &random)
                    bytes.append(byte == 10 ? 0 : byte)
                }
                bytes.append(10)
            }
            try client.send(bytes: bytes)
            for _ in 0..<500 {
                let line = try #require(try client.receive())
                try #require(line.contains(#""ok":false,"error":"bad_request""#), "\(line)")
            }
        }
        #expect(try client.ask(Self.hello).ok)
    }

    /// Sends so many lines in one go, and counts the replies until none comes any more.
    private func repliesToAll(_ count: Int, isClosing: Bool) throws -> Int {
        let client = try daemon.connect()
        try client.send(bytes: Array(String(repeating: Self.hello + "\n", count: count).utf8))
        if isClosing { client.closeWriting() }
        for number in 0..<count {
            guard try client.hasLine(Deadline(seconds: 3)) else { return number }
            guard try client.receive() != nil else { return number }
        }
        return count
    }

    @Test("a client may write before it reads, up to the limit", arguments: [1, 1023, 1024])
    func pipeline(_ count: Int) throws {
        #expect(try repliesToAll(count, isClosing: false) == count)
        #expect(try repliesToAll(count, isClosing: true) == count)
    }

    @Test("and beyond: totpd reads no further, and answers in the end", arguments: [1025, 3000])
    func beyondPipeline(_ count: Int) throws {
        let answered = try [false, true].map { try repliesToAll(count, isClosing: $0) }
        #expect(answered == [count, count])
    }

    @Test("a line that its client never ended is refused, not carried out")
    func unfinished() throws {
        let ada = try daemon.imported("ada")
        let client = try daemon.connect()
        try client.send(bytes: Array(ada.verifying(ada.code()).utf8))
        client.closeWriting()
        #expect(try client.reply().brief == "bad_request")
        #expect(try client.receive() == nil)
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
    }

    @Test("a client that closes its side gets all its answers")
    func halfClosed() throws {
        let people = try Person.many(300, "ada")
        try daemon.admit(people)
        let client = try daemon.connect()
        try client.send(people.map { $0.verifying($0.code()) }.joined(separator: "\n"))
        client.closeWriting()
        var replies: [Reply] = []
        while let line = try client.receive() { replies.append(try Reply(line)) }
        #expect(replies.tally == ["ok": 300])
    }
}
