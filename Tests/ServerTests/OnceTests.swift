// Many at the same moment: a code is accepted once, a guess is charged always, and one of many
// wins.

import Glibc
import Server
import Store
import Testing

@Suite("Once")
struct OnceTests {
    private func replies(_ lines: [Line], _ request: (Int) -> String) throws -> [String] {
        for (index, line) in lines.enumerated() { try line.send(request(index)) }
        return try lines.flatMap { try $0.receive(1) }
    }

    /// A user with a factor of their own, and the answer that `confirm` gave.
    private func enrolled(_ server: TestServer) throws -> (secret: String, backupCodes: [String]) {
        let line = try server.connect()
        let enrolled = try line.ask(#"{"op":"enroll","user":"ada"}"#)
        let secret = try #require(enrolled.components(between: #""secret":""#, and: "\"").first)
        let code = try server.code(secret)
        let confirmed = try line.ask(#"{"op":"confirm","user":"ada","code":"\#(code)"}"#)
        return (secret, try backupCodes(confirmed))
    }

    private func backupCodes(_ reply: String) throws -> [String] {
        let list = try #require(reply.components(between: "[", and: "]").first, "\(brief(reply))")
        let codes = list.split(separator: ",").map { String($0.dropFirst().dropLast()) }
        try #require(codes.count == 10 && Set(codes).count == 10)
        return codes
    }

    @Test("the same code on 200 connections is accepted once")
    func sameCode() throws {
        let server = try TestServer()
        try server.enrol("ada")
        let code = try server.code()
        let all = try replies(server.connect(200)) { _ in
            #"{"op":"verify","user":"ada","code":"\#(code)"}"#
        }
        #expect(tally(all) == ["ok": 1, "replayed": 199])
        #expect(try server.results(of: "verify").count { $0 == "ok" } == 1)
        try server.expectSound()
    }

    @Test("the same code for three operations is accepted for one of them")
    func sameCodeElsewhere() throws {
        let server = try TestServer()
        try server.enrol("ada")
        let code = try server.code()
        let operations = ["verify", "disable", "backup_codes", "enroll"]
        let all = try replies(server.connect(80)) { index in
            #"{"op":"\#(operations[index % 4])","user":"ada","code":"\#(code)"}"#
        }
        let counts = tally(all)
        #expect(counts["ok"] == 1)
        #expect(counts["replayed", default: 0] + counts["not_enrolled", default: 0] == 79)
    }

    @Test("500 wrong codes on 50 connections are five guesses")
    func guesses() throws {
        let server = try TestServer()
        try server.enrol("ada")
        let codes = try server.wrongCodes(500)
        let lines = try server.connect(50)
        for (index, code) in codes.enumerated() {
            try lines[index % 50].send(#"{"op":"verify","user":"ada","code":"\#(code)"}"#)
        }
        let all = try lines.flatMap { try $0.receive(10) }
        #expect(tally(all) == ["wrong_code": 5, "throttled": 495])
        let results = try server.results(of: "verify")
        #expect(results.count { $0 == "wrong_code" } == 5)
        #expect(results.count { $0 == "throttled" } == 495)
        // The right one does not get through behind them.
        let right = #"{"op":"verify","user":"ada","code":"\#(try server.code())"}"#
        #expect(brief(try lines[0].ask(right)) == "throttled")
        try server.expectSound()
    }

    @Test("30 uses of one backup code are one yes")
    func backupCode() throws {
        let server = try TestServer()
        let (_, codes) = try enrolled(server)
        let all = try replies(server.connect(30)) { _ in
            #"{"op":"verify","user":"ada","code":"\#(codes[0])"}"#
        }
        // The first of the others are guesses like any other.
        #expect(tally(all) == ["ok": 1, "wrong_code": 5, "throttled": 24])
        let status = try server.connect().ask(#"{"op":"status","user":"ada"}"#)
        #expect(status.contains(#""backup_codes_left":9"#))
        try server.expectSound()
    }

    @Test("ten backup codes at once are ten")
    func tenBackupCodes() throws {
        let server = try TestServer()
        let (_, codes) = try enrolled(server)
        let all = try replies(server.connect(10)) { index in
            #"{"op":"verify","user":"ada","code":"\#(codes[index])"}"#
        }
        #expect(tally(all) == ["ok": 10])
        let left = all.flatMap { $0.components(between: #""backup_codes_left":"#, and: "}") }
        #expect(Set(left) == Set((0..<10).map { "\($0)" }))
        try server.expectSound()
    }

    @Test("30 confirmations are one, with one set of backup codes that is good")
    func confirmations() throws {
        let server = try TestServer()
        let enrolled = try server.connect().ask(#"{"op":"enroll","user":"ada"}"#)
        let secret = try #require(enrolled.components(between: #""secret":""#, and: "\"").first)
        let code = try server.code(secret)
        let lines = try server.connect(30)
        let all = try replies(lines) { _ in
            #"{"op":"confirm","user":"ada","code":"\#(code)"}"#
        }
        #expect(tally(all) == ["ok": 1, "no_enrollment": 29])
        let winner = try #require(all.first { brief($0) == "ok" })
        let codes = try backupCodes(winner)
        let used = #"{"op":"verify","user":"ada","code":"\#(codes[9])"}"#
        #expect(try lines[0].ask(used).contains(#""backup_codes_left":9"#))
        #expect(try server.results(of: "confirm").count { $0 == "ok" } == 1)
        try server.expectSound()
    }

    @Test("30 renewals with one code are one, and its set is the one that counts")
    func renewals() throws {
        let server = try TestServer()
        let (secret, old) = try enrolled(server)
        let code = try server.code(secret, 1)
        let lines = try server.connect(30)
        let all = try replies(lines) { _ in
            #"{"op":"backup_codes","user":"ada","code":"\#(code)"}"#
        }
        #expect(tally(all) == ["ok": 1, "replayed": 29])
        let new = try backupCodes(try #require(all.first { brief($0) == "ok" }))
        let verifyOld = #"{"op":"verify","user":"ada","code":"\#(old[0])"}"#
        #expect(brief(try lines[0].ask(verifyOld)) == "wrong_code")
        let verifyNew = #"{"op":"verify","user":"ada","code":"\#(new[0])"}"#
        #expect(brief(try lines[0].ask(verifyNew)) == "ok")
    }

    @Test("200 times the same attempt are one decision and 200 answers", arguments: [true, false])
    func attempt(isRight: Bool) throws {
        let server = try TestServer()
        try server.enrol("ada")
        let wrong = try #require(server.wrongCodes(1).first)
        let code = isRight ? try server.code() : wrong
        let all = try replies(server.connect(200)) { _ in
            #"{"op":"verify","user":"ada","code":"\#(code)","attempt":"0123456789abcdef"}"#
        }
        let expected = isRight ? "ok" : "wrong_code"
        #expect(tally(all) == [expected: 200])
        #expect(try server.results(of: "verify") == [expected])
    }

    @Test("two apps' users of one name are two")
    func twoApps() throws {
        let server = try TestServer()
        try server.enrol("ada")
        let code = try server.code()
        let request = #"{"op":"verify","user":"ada","code":"\#(code)"}"#
        #expect(brief(try Line(server.otherAppPath).ask(request)) == "not_enrolled")
        #expect(brief(try server.connect().ask(request)) == "ok")
    }
}

@Suite("Events")
struct PeerTests {
    @Test("say whose process asked, for which app, and what came of it")
    func peers() throws {
        let server = try TestServer()
        try server.enrol("ada")
        let line = try Line(server.otherAppPath)
        #expect(brief(try line.ask(#"{"op":"cancel","user":"eve"}"#)) == "no_enrollment")
        let reset = #"{"op":"reset","user":"ada","reason":"lost phone"}"#
        #expect(brief(try server.connectAsAdmin().ask(reset)) == "ok")
        let events = try server.store.memory.events()
        let us = Peer(uid: getuid(), pid: getpid())
        #expect(events.map(\.label.peer) == [us, us, us])
        #expect(events.map(\.label.op) == ["import", "cancel", "reset"])
        #expect(events.map(\.app) == ["default", "shop", "default"])
        #expect(events.map(\.user) == ["ada", "eve", "ada"])
        #expect(events.map(\.result) == ["ok", "no_enrollment", "ok"])
        #expect(events.map(\.label.reason) == [nil, nil, "lost phone"])
    }

    @Test("are not made of what only looks, or is no request")
    func looking() throws {
        let server = try TestServer()
        let line = try server.connectAsAdmin()
        try line.send(
            #"{"op":"hello"}"#, #"{"op":"status","user":"ada"}"#, #"{"op":"show","user":"ada"}"#,
            "nonsense", #"{"op":"verify","user":"ada"}"#)
        _ = try line.receive(5)
        #expect(try server.store.memory.events().isEmpty)
    }

    @Test("hold no code, right or wrong")
    func secrets() throws {
        let server = try TestServer()
        try server.enrol("ada")
        let line = try server.connect()
        let right = try server.code()
        let wrong = try #require(server.wrongCodes(1).first)
        for code in [wrong, right, "zzzz-zzzz-zzzzz"] {
            _ = try line.ask(#"{"op":"verify","user":"ada","code":"\#(code)"}"#)
        }
        let text = "\(try server.store.memory.events())"
        for secret in [right, wrong, "zzzz", usualSecret] { #expect(!text.contains(secret)) }
    }
}
