// Pages of users and of events over a socket: complete over many pages, in bounded looks, and with
// verifies decided between two looks.

import Accounts
import Foundation
import Patience
import Store
import Testing

@testable import Server

@Suite("Pages")
struct PagesTests {
    /// What a page has, read by Foundation, which is not our own reader.
    private func page(_ line: Line, _ request: String) throws -> [String: Any] {
        let reply = try line.ask(request)
        let object = try JSONSerialization.jsonObject(with: Data(reply.utf8))
        let fields = try #require(object as? [String: Any])
        #expect(fields["ok"] as? Bool == true, "\(reply)")
        return fields
    }

    private func importMany(_ users: [String], app: String, _ server: TestServer) throws {
        let lines = users.map {
            #"{"op":"import","app":"\#(app)","user":"\#($0)","secret":"\#(usualSecret)"}"# + "\n"
        }
        let line = try server.connectAsAdmin()
        // A client that sends more than the sockets hold and reads nothing blocks itself.
        for start in stride(from: 0, to: lines.count, by: 500) {
            let some = lines[start...].prefix(500)
            try line.send(bytes: Array(some.joined().utf8))
            #expect(try line.receive(some.count).allSatisfy { brief($0) == "ok" })
        }
    }

    private func allUsers(_ line: Line, _ fields: String) throws -> (users: [String], pages: Int) {
        var users: [String] = []
        var cursor = ""
        for number in 1...1000 {
            let page = try page(line, #"{"op":"users"\#(fields)\#(cursor)}"#)
            let rows = try #require(page["users"] as? [[String: Any]])
            users += try rows.map { try #require($0["user"] as? String) }
            guard let next = page["cursor"] as? String else { return (users, number) }
            cursor = #","cursor":"\#(next)""#
        }
        Issue.record("a listing without an end")
        return (users, 1000)
    }

    @Test("of users hold each of them once", arguments: [1, 7, 64, 100, 1000])
    func users(_ count: Int) throws {
        let server = try TestServer()
        let (shop, desk) = ((0..<300).map { "u\($0)" }, (0..<100).map { "d\($0)" })
        try importMany(shop, app: "shop", server)
        try importMany(desk, app: "desk", server)
        let line = try server.connectAsAdmin()
        let found = try allUsers(line, #","app":"shop","count":\#(count)"#)
        #expect(found.users.sorted() == shop.sorted())
        #expect(found.pages >= 300 / count)
        let some = try allUsers(line, #","app":"shop","prefix":"u1","count":\#(count)"#)
        #expect(some.users.sorted() == shop.filter { $0.hasPrefix("u1") }.sorted())
        #expect(try allUsers(line, #","count":\#(count)"#).users == [])
    }

    @Test("end at what may be looked through, and go on there")
    func bounded() throws {
        let server = try TestServer()
        let many = ServerPolicy.accountsPerPage + 100
        try importMany((0..<many).map { "u\($0)" }, app: "shop", server)
        let line = try server.connectAsAdmin()
        // Nobody is found, and the first page still says where to go on.
        let found = try allUsers(line, "")
        #expect(found.users == [] && found.pages == 2)
        let events = try page(line, #"{"op":"events","user":"nobody"}"#)
        #expect(events["cursor"] == nil)
        // More than the largest batch beyond it.
        let more = ServerPolicy.eventsPerPage + 2000 - many
        try importMany((0..<more).map { "v\($0)" }, app: "shop", server)
        let part = try page(line, #"{"op":"events","user":"nobody"}"#)
        let cursor = try #require(part["cursor"] as? Int)
        #expect(cursor >= ServerPolicy.eventsPerPage && cursor < many + more)
    }

    @Test("of events hold each of them once, in both orders", arguments: [1, 7, 256, 1000])
    func events(_ count: Int) throws {
        let server = try TestServer()
        try importMany((0..<500).map { "u\($0)" }, app: "shop", server)
        let line = try server.connectAsAdmin()
        for (order, expected) in [("oldest", Array(1...500)), ("newest", (1...500).reversed())] {
            var seen: [Int] = []
            var cursor = ""
            for _ in 0..<1000 {
                let asked = #","operation":"import","order":"\#(order)","count":\#(count)"#
                let page = try page(line, #"{"op":"events"\#(asked)\#(cursor)}"#)
                let rows = try #require(page["events"] as? [[String: Any]])
                seen += try rows.map { try #require($0["seq"] as? Int) }
                guard let next = page["cursor"] as? Int else { break }
                cursor = #","cursor":\#(next)"#
            }
            #expect(seen == Array(expected), "\(order)")
        }
    }

    @Test("leave the lane to those who verify, between two looks")
    func between() throws {
        let server = try TestServer()
        try importMany((0..<300).map { "u\($0)" }, app: "shop", server)
        try server.enrol("ada")
        let admin = try server.connectAsAdmin()
        server.store.looks.shut()
        try admin.send(#"{"op":"users","app":"shop","count":1000}"#)
        try eventually("the first look is under way") { server.store.looks.isReached }
        let line = try server.connect()
        try line.send(#"{"op":"verify","user":"ada","code":"\#(try server.code())"}"#)
        server.store.changes.shut()
        server.store.looks.open()
        // The page cannot be put together while the verify is under way.
        try eventually("it is being decided") { server.store.changes.isReached }
        let looks = server.store.looked
        #expect(looks < 4)
        server.store.changes.open()
        #expect(try line.receive(1).map(brief) == ["ok"])
        #expect(try admin.receive(1).map(brief) == ["ok"])
        #expect(server.store.looked > looks)
    }

    @Test("are events with whoever asked, and why")
    func noted() throws {
        let server = try TestServer()
        let line = try server.connectAsAdmin()
        _ = try page(line, #"{"op":"users","app":"shop","reason":"an audit"}"#)
        _ = try page(line, #"{"op":"events"}"#)
        let events = try server.store.memory.events()
        #expect(events.map(\.label.op) == ["users", "events"])
        #expect(events.map(\.app) == ["shop", ""] && events.allSatisfy { $0.user == "" })
        #expect(events.map(\.label.reason) == ["an audit", nil])
        let peer = Peer(uid: getuid(), pid: getpid())
        #expect(events.allSatisfy { $0.label.peer == peer })
        try server.expectSound()
    }

    @Test("are not given when their event cannot be written")
    func full() throws {
        let server = try TestServer()
        try server.enrol("ada")
        server.store.fail(with: .full("no space"))
        let line = try server.connectAsAdmin()
        for op in ["users", "events"] {
            #expect(brief(try line.ask(#"{"op":"\#(op)"}"#)) == "unavailable")
        }
    }
}
