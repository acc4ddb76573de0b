// Clients that close their side with much behind them: the kernel holds it, and NIO reads all of it
// at once, unasked. What whole lines ask is answered, a line cut short is not carried out, and what
// all of them leave together is bounded.

import Glibc
import Patience
import Server
import Testing

@Suite("A side that is closed with much behind it")
struct HalfClosedTests {
    private static let status = #"{"op":"status","user":"ada"}"#

    @Test("has every line answered, and one that is cut short refused")
    func manyLines() throws {
        let server = try TestServer()
        try server.enrol("ada")
        server.store.changes.shut()
        let line = try server.connect()
        // More than may be under way, so that lines wait in the server, and some in the kernel.
        let statuses = String(repeating: Self.status + "\n", count: 2_000)
        let cut = #"{"op":"verify","user":"ada","code":"\#(try server.code())"}"#
        try line.send(bytes: Array((statuses + cut).utf8))
        line.endWriting()
        try eventually("the first are under way") { server.store.changes.isReached }
        server.store.changes.open()
        let replies = try line.receiveAll().map(brief)
        #expect(replies.count == 2_001 && replies.last == "bad_request")
        #expect(replies.dropLast().allSatisfy { $0 == "ok" })
        #expect(try server.results(of: "verify") == [])
        try server.expectSound()
    }

    @Test("that watches goes on hearing, and a line cut short behind it is nobody's")
    func watching() throws {
        let server = try TestServer()
        let watcher = try server.connectAsAdmin()
        try watcher.send(#"{"op":"watch"}"#)
        #expect(brief(try #require(try watcher.receive())) == "ok")
        try watcher.send(bytes: Array(#"{"op":"stats""#.utf8))
        watcher.endWriting()
        try server.enrol("ada")
        #expect(try #require(try watcher.receive()).contains(#""op":"import""#))
    }

    private static let held = Array(
        String(repeating: status + "\n", count: ServerPolicy.pipelineMax).utf8)
    private static let behindCount = 4_500
    /// 128 KiB, which the kernel takes, and the server reads once the side is closed.
    private static let behind = Array(String(repeating: status + "\n", count: behindCount).utf8)

    @Test("is closed when it is one too many of them, and its room can be had again")
    func tooMuch() throws {
        // More than one such client can leave, and less than two leave of what is behind, although
        // each has been asked for the beginning.
        let most = Self.held.count + Self.behind.count * 5 / 4
        let server = try TestServer { $0.unaskedBytesMax = most }
        for _ in 0..<3 {
            server.store.changes.shut()
            let lines = try server.connect(2)
            for line in lines {
                try line.send(bytes: Self.held + Self.behind)
                line.endWriting()
            }
            try eventually("one of them is closed") { lines.contains { $0.isHungUp } }
            let (closed, kept) = lines[0].isHungUp ? (lines[0], lines[1]) : (lines[1], lines[0])
            server.store.changes.open()
            #expect(try closed.receiveAll() == [])
            let replies = tally(try kept.receiveAll())
            #expect(replies == ["ok": ServerPolicy.pipelineMax + Self.behindCount])
        }
        try server.expectSound()
    }
}
