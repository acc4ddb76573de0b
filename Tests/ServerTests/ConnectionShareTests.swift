// Shows that no app can take another's places: how they are shared out, and what a server does with
// that. The total without a configuration is LimitTests' matter.

import Accounts
import Configuration
import Patience
import Testing

@testable import Server

@Suite("Connections of several apps", .serialized)
struct ConnectionShareTests {
    private func shares(_ text: String, others: [String] = []) throws -> [String: Int] {
        let configuration = try TestServer.configuration(text)
        let others = others.compactMap { AppName($0) }
        let shares = ConnectionShares(configuration, others: Set(others), total: 100)
        let apps = Set(configuration.apps.keys).union(others)
        return Dictionary(uniqueKeysWithValues: apps.map { ($0.description, shares.most($0)) })
    }

    @Test("what an app has not set is an even share of the rest")
    func even() throws {
        #expect(try shares("", others: ["a", "b"]) == ["a": 100, "b": 100])
        #expect(try shares("[app.a]") == ["a": 100])
        #expect(try shares("[app.a]\n[app.b]\n[app.c]") == ["a": 33, "b": 33, "c": 33])
        let one = "[app.a]\nconnections_max = 40\n"
        #expect(try shares(one) == ["a": 40])
        #expect(try shares(one + "[app.b]\n[app.c]") == ["a": 40, "b": 30, "c": 30])
        // An app with a socket and without a table takes part.
        #expect(try shares(one, others: ["a", "d"]) == ["a": 40, "d": 60])
    }

    @Test("never more than there are, whatever the file says")
    func bounded() throws {
        let sets = ["[app.a]\nconnections_max = 99\n[app.b]", "[app.a]\n[app.b]\n[app.c]\n[app.d]"]
        for text in sets { #expect(try shares(text).values.reduce(0, +) <= 100) }
    }

    @Test("at an app's limit it hears busy, and the other does not")
    func served() throws {
        let server = try TestServer("[app.default]\nconnections_max = 3\n[app.shop]")
        var lines = try server.connect(3)
        for line in lines { #expect(try line.sayHello() == "ok") }
        #expect(try server.connect().receiveAll().map(brief) == ["busy"])
        #expect(try Line(server.otherAppPath).sayHello() == "ok")
        // A reload may take places away: who is there stays, and nobody new comes.
        server.server.use(try TestServer.configuration("[app.default]\nconnections_max = 2"))
        for line in lines { #expect(try line.sayHello() == "ok") }
        lines.removeLast()
        try eventually("the third is gone") {
            // Two are left, which is as many as there may be.
            try server.server.ping().wait().apps == 2
        }
        #expect(try server.connect().receiveAll().map(brief) == ["busy"])
        lines.removeLast()
        try eventually("a place is free") { try server.connect().sayHello() == "ok" }
    }

    @Test("who speaks for two apps takes a place of each, until a reload gives one back")
    func several() throws {
        let mine = "users = [\"me\"]\n"
        let (own, shop) = ("[app.default]\nconnections_max = 2\n", "[app.shop]\n")
        let server = try TestServer(own + mine + shop + mine)
        let lines = try (0..<2).map { _ in try Line(server.usersPath) }
        for line in lines { #expect(try line.sayHello() == "ok") }
        // One of the two has no place left.
        #expect(try Line(server.usersPath).receiveAll().map(brief) == ["busy"])
        #expect(try server.connect().receiveAll().map(brief) == ["busy"])
        #expect(try Line(server.otherAppPath).sayHello() == "ok")

        server.server.use(try TestServer.configuration(own + shop + mine))
        let others = try server.connect(2)
        for line in others + lines { #expect(try line.sayHello() == "ok") }
        #expect(try server.connect().receiveAll().map(brief) == ["busy"])
    }
}
