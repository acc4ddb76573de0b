// Limits and sources on the real daemon: a thousand requests at one moment, and kill -9 amid them.
// What was let through never exceeds the limit, whatever was lost on the way.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("Limits on the real daemon", .serialized, .waits)
struct LimitTests {
    let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess.ready() }

    private static func line(_ key: String, max: Int, peek: Bool = false) -> String {
        let look = peek ? #","peek":true"# : ""
        return #"{"op":"limit","key":"\#(key)","max":\#(max),"per":2592000\#(look)}"#
    }

    @Test("1,000 requests at once against 100: exactly 100 pass")
    func burst() throws {
        let line = Self.line("login", max: 100)
        let replies = try daemon.burst(Array(repeating: [line, line], count: 500)).joined()
        #expect(replies.tally == ["ok": 100, "throttled": 900])
        let other = try daemon.ask(Self.line("login", max: 101, peek: true))
        #expect(other.brief == "throttled", "another rule for the key does not open it")
    }

    @Test("1,000 requests of one connection, pipelined: exactly 100 pass, and those come first")
    func pipelined() throws {
        let replies = try daemon.connect().ask(
            Array(repeating: Self.line("sms", max: 100), count: 1_000))
        #expect(replies.map(\.ok) == (0..<1_000).map { $0 < 100 })
    }

    @Test("60 wrong codes at once from one address, each for another account: 50 are compared")
    func source() throws {
        let people = try Person.many(60, "ada")
        try daemon.admit(people)
        let lines = people.map { person in
            [
                #"{"op":"verify","user":"\#(person.user)","code":"\#(person.wrongCode())""#
                    + #","source":"203.0.113.7"}"#
            ]
        }
        let replies = try daemon.burst(lines)
        #expect(replies.joined().tally == ["wrong_code": 50, "throttled": 10])
        // Account and source are charged together, or neither is.
        for (person, reply) in zip(people, replies) {
            let failures = try daemon.askAsAdmin(person.showing).totp?.failures
            #expect(failures == (reply[0].brief == "wrong_code" ? 1 : 0))
        }
    }

    @Test("kill -9 amid requests: no more pass in all than the limit says, nor fewer than could be")
    func killed() throws {
        var random = SeededGenerator.announced()
        var cutOff = 0
        for round in 0..<20 {
            let max = 600
            let line = Self.line("round \(round)", max: max)
            let clients = try (0..<4).map { _ in try daemon.connect() }
            let sent = 100
            for client in clients {
                let lines = Array(repeating: line, count: sent).joined(separator: "\n") + "\n"
                try client.send(bytes: Array(lines.utf8))
            }
            let last = Int.random(in: 0..<60, using: &random)
            var passed = 0
            for _ in 0..<last { passed += try clients[0].reply().ok ? 1 : 0 }
            try daemon.kill()
            for client in clients {
                while let line = try client.receive() { passed += try Reply(line).ok ? 1 : 0 }
            }
            cutOff += 4 * sent - passed
            try daemon.start()
            let rest = try daemon.connect().ask(Array(repeating: line, count: max)).tally
            let after = rest["ok"] ?? 0
            #expect(passed + after <= max, "round \(round): \(passed) and \(after)")
            // What was cut off may have been spent, and nothing else.
            #expect(after >= max - 4 * sent, "round \(round): \(passed) and \(after)")
        }
        #expect(cutOff > 0, "a campaign that cuts nothing off proves nothing")
        let check = try daemon.check()
        #expect(check.ending == .exited(0), "\(check.printed)")
    }
}
