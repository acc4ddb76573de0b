// Clients that close their side with much behind them: the kernel holds it, and NIO reads all of it
// at once, unasked. What whole lines ask is answered, and a line cut short is not carried out.

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
        #expect(replies == Array(repeating: "ok", count: 2_000) + ["bad_request"])
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
}
