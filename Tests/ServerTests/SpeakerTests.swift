// Shows for whom a connection on the socket `apps` speaks: by the Unix user and the groups behind
// it, as the configuration says at the moment of each request.

import Accounts
import Configuration
import Glibc
import Patience
import Testing
import Wire

@testable import Server

@Suite("The socket for apps by user", .serialized)
struct SpeakerTests {
    private let hello = #"{"op":"hello"}"#
    private let status = #"{"op":"status","user":"ada"}"#

    private func app(_ line: Line) throws -> String? {
        try line.ask(hello).components(between: #""app":""#, and: #"""#).first
    }

    @Test("with nobody named, for default")
    func nobodyNamed() throws {
        let server = try TestServer()
        #expect(try app(Line(server.usersPath)) == "default")
    }

    @Test("by user, and by group: the first one and others")
    func named() throws {
        let byUser = try TestServer("[app.shop]\nusers = [\"me\"]\n[app.mail]\nusers = [\"other\"]")
        #expect(try app(Line(byUser.usersPath)) == "shop")
        let byGroup = try TestServer("[app.mail]\ngroups = [\"mine\"]")
        #expect(try app(Line(byGroup.usersPath)) == "mail")
        // The socket of one app is not concerned.
        #expect(try app(byGroup.connect()) == "default")
    }

    @Test("for several, one of which each request names")
    func several() throws {
        let text = "[app.b]\nusers = [\"me\"]\n[app.a]\ngroups = [\"mine\"]\n[app.c]"
        let server = try TestServer(text)
        let line = try Line(server.usersPath)
        #expect(try line.ask(hello).contains(#""protocol":1,"apps":["a","b"],"ops":["#))
        #expect(
            try line.ask(status)
                == #"{"ok":false,"error":"bad_request","field":"app","#
                + #""detail":"one of a, b is expected"}"#)
        for (app, expected) in [("a", "ok"), ("b", "ok"), ("c", "not_permitted")] {
            let request = #"{"op":"status","app":"\#(app)","user":"ada"}"#
            #expect(brief(try line.ask(request)) == expected)
            #expect(brief(try line.ask(#"{"op":"hello","app":"\#(app)"}"#)) == expected)
        }
        #expect(brief(try line.ask(#"{"op":"show","app":"a","user":"ada"}"#)) == "not_permitted")
    }

    @Test("for none: not_permitted to everything, and only so many")
    func strangers() throws {
        let server = try TestServer("[app.shop]\nusers = [\"other\"]")
        var lines = try (0..<16).map { _ in try Line(server.usersPath) }
        for line in lines {
            for request in [hello, status, #"{"op":"check"}"#, #"{"op":"hello","app":"shop"}"#] {
                #expect(brief(try line.ask(request)) == "not_permitted")
            }
        }
        #expect(try Line(server.usersPath).receiveAll().map(brief) == ["busy"])
        #expect(try app(server.connect()) == "default")
        lines.removeLast()
        try eventually("a place is free") {
            try Line(server.usersPath).sayHello() == "not_permitted"
        }
    }

    @Test("a reload counts for connections that are open")
    func reload() throws {
        let server = try TestServer("[app.shop]\nusers = [\"me\"]")
        let line = try Line(server.usersPath)
        #expect(try app(line) == "shop")
        server.server.use(try TestServer.configuration("[app.mail]\nusers = [\"me\"]"))
        #expect(try app(line) == "mail")
        server.server.use(try TestServer.configuration("[app.mail]\nusers = [\"other\"]"))
        #expect(brief(try line.ask(hello)) == "not_permitted")
        server.server.use(.standard)
        #expect(try app(line) == "default")
    }

    @Test("an app's own socket opens for whom speaks for that app, and for root")
    func ownSocket() throws {
        let (shop, mail) = (try #require(AppName("shop")), try #require(AppName("mail")))
        let (root, owner, other): (UInt32, UInt32, UInt32) = (0, 50, 51)
        func caller(_ live: LiveConfiguration, _ uid: UInt32, _ app: AppName?) -> Caller {
            live.caller(.user(uid: uid, groups: [uid], socketOf: app))
        }
        // Nothing is configured: only the Unix user who is called like the app speaks for it.
        let live = LiveConfiguration()
        live.add(shop, namesake: owner)
        live.add(mail, namesake: nil)
        #expect(caller(live, owner, shop) == .app(shop))
        #expect(caller(live, other, shop) == .nobody)
        #expect(caller(live, owner, mail) == .nobody)
        #expect(caller(live, root, shop) == .app(shop))
        #expect(caller(live, root, mail) == .app(mail))
        #expect(caller(live, owner, nil) == .app(shop))
        #expect(caller(live, other, nil) == .app(.standard))
        // Of default, everybody's without a configuration, the socket is everybody's too.
        live.add(.standard, namesake: nil)
        #expect(caller(live, other, .standard) == .app(.standard))
        #expect(caller(live, owner, .standard) == .nobody)

        // The configuration names others, at once and by group too.
        let text = "[app.shop]\nusers = [\"other\"]\n[app.mail]\ngroups = [\"mine\"]"
        live.replace(with: try TestServer.configuration(text))
        #expect(caller(live, owner, shop) == .nobody)
        #expect(caller(live, geteuid() + 1, shop) == .app(shop))
        #expect(caller(live, other, .standard) == .nobody)
        let member = Speaker.user(uid: other, groups: [1, getegid()], socketOf: mail)
        #expect(live.caller(member) == .app(mail))
    }

    @Test("the admins' socket is served before any app's")
    func order() {
        let doors: [Listener.Door] = [
            .apps, .app(.standard, namesake: nil), .admins, .apps,
        ]
        let listeners = doors.enumerated().map { Listener(descriptor: Int32($0), door: $1) }
        #expect(Listener.inOrder(listeners).map(\.descriptor) == [2, 0, 1, 3])
    }
}
