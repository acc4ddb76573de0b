// Watching over a socket: every event once and in order, whatever the watcher does; a slow one is
// let go with a line that says where to go on, and holds up nobody meanwhile.

import Accounts
import Foundation
import Patience
import Store
import Testing

@Suite("A watcher")
struct WatchTests {
    /// Numbers of the events in these lines, and the last line if it is none.
    private func sequences(_ lines: [String]) throws -> (events: [Int], last: String?) {
        var events: [Int] = []
        for line in lines {
            guard line.hasPrefix(#"{"event":{"seq":"#) else { return (events, line) }
            let number = line.components(between: #""seq":"#, and: ",").first.flatMap { Int($0) }
            events.append(try #require(number))
        }
        return (events, nil)
    }

    private func watch(_ server: TestServer, after cursor: Int?) throws -> Line {
        let line = try server.connectAsAdmin()
        let field = cursor.map { #","cursor":\#($0)"# } ?? ""
        let reply = try line.ask(#"{"op":"watch"\#(field)}"#)
        #expect(reply.hasPrefix(#"{"ok":true,"watching":true,"cursor":"#), "\(reply)")
        return line
    }

    /// Events, and nothing else: nobody is enrolled.
    private func refused(_ count: Int) -> [UInt8] {
        let line = #"{"op":"verify","user":"somebody with a longer name","code":"123456"}"# + "\n"
        return Array(String(repeating: line, count: count).utf8)
    }

    private func happen(_ count: Int, _ server: TestServer) throws {
        let line = try server.connect()
        for start in stride(from: 0, to: count, by: 500) {
            let some = min(500, count - start)
            try line.send(bytes: refused(some))
            _ = try line.receive(some)
        }
    }

    @Test("hears every event once and in order, with others beside it", arguments: [1, 40, 700])
    func hears(_ batch: Int) throws {
        let server = try TestServer()
        let watchers = try (0..<3).map { _ in try watch(server, after: 0) }
        var total = 3
        for _ in 0..<5 {
            try happen(batch, server)
            total += batch
        }
        for line in watchers {
            #expect(try sequences(try line.receive(total)).events == Array(1...total))
        }
        try server.expectSound()
    }

    @Test("begins with what happens from now on, or behind its cursor")
    func begins() throws {
        let server = try TestServer()
        try happen(10, server)
        let (new, old) = (try watch(server, after: nil), try watch(server, after: 7))
        try happen(1, server)
        // The other's beginning is an event as well.
        #expect(try sequences(try new.receive(2)).events == [12, 13])
        #expect(try sequences(try old.receive(6)).events == Array(8...13))
    }

    @Test("takes no other request, and may close its side")
    func nothingElse() throws {
        let server = try TestServer()
        let line = try server.connectAsAdmin()
        try line.send(#"{"op":"watch"}"#, #"{"op":"hello"}"#)
        #expect(try line.receive(1)[0].contains("watching"))
        line.endWriting()
        try happen(3, server)
        #expect(try sequences(try line.receive(3)).events == [2, 3, 4])
        server.drain()
        let rest = try line.receiveAll()
        #expect(rest == [#"{"ok":false,"error":"unavailable","cursor":4}"#])
    }

    @Test(
        "that is gone is forgotten, though nothing is ever written to it",
        arguments: ["", #","result":"locked""#])
    func gone(_ filter: String) throws {
        let server = try TestServer()
        for round in 0..<40 {
            let line = try server.connectAsAdmin()
            try line.send(#"{"op":"watch","cursor":0\#(filter)}"#)
            if round % 2 == 0 { _ = try line.receive(1) }
            if round % 3 == 0 { line.endWriting() }
            try happen(1, server)
        }
        try happen(100, server)
        try expectAllPlacesFree(server)
    }

    private func expectAllPlacesFree(_ server: TestServer) throws {
        try eventually("all places are free again") {
            let lines = try (0..<16).map { _ in try server.connectAsAdmin() }
            return try lines.allSatisfy { brief(try $0.ask(#"{"op":"hello"}"#)) == "ok" }
        }
        try server.expectSound()
    }

    @Test("that falls back too far is let go, and resumes without a gap or a double")
    func slow() throws {
        let server = try TestServer { $0.watchBehindMax = 500 }
        let slow = try watch(server, after: 0)
        // More than any socket holds. Nobody waits for it.
        try happen(6000, server)
        let heard = try sequences(try slow.receiveAll())
        let last = try #require(heard.last)
        #expect(last.hasPrefix(#"{"ok":false,"error":"too_slow","cursor":"#), "\(last)")
        let cursor = try #require(
            last.components(between: #""cursor":"#, and: "}").first.flatMap { Int($0) })
        #expect(heard.events == Array(1...cursor) && cursor < 6000)

        // It comes again, far behind, and is not let go for that while it reads.
        let again = try watch(server, after: cursor)
        let rest = try sequences(try again.receive(6002 - cursor))
        #expect(rest.events == Array((cursor + 1)...6002))
        try server.expectSound()
    }

    @Test("may ask for no event that is yet to come")
    func future() throws {
        let server = try TestServer()
        try happen(3, server)
        let line = try server.connectAsAdmin()
        #expect(brief(try line.ask(#"{"op":"watch","cursor":4}"#)) == "bad_request")
        #expect(brief(try line.ask(#"{"op":"watch","cursor":3}"#)) == "ok")
    }
}
