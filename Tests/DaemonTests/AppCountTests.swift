// Apps and the numbers of their accounts on the real daemon: two hundred enrolments at one moment,
// and kill -9 amid them. An app never gets more accounts than it may have, nor fewer.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("Numbers of accounts on the real daemon", .serialized, .waits)
struct AppCountTests {
    let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess() }

    private func start(accountsMax: Int) throws {
        try daemon.configure("[app.default]\naccounts_max = \(accountsMax)")
        try daemon.start()
    }

    private static func enrolling(_ user: String) -> String {
        #"{"op":"enroll","user":"\#(user)"}"#
    }

    private func accounts() throws -> String? {
        let admin = try daemon.connectAsAdmin()
        try admin.send(#"{"op":"apps"}"#)
        // Keys, connections and requests are another matter.
        let others =
            /,"limit_keys":\d+,"connections":\d+,"requests":\d+|,"limit_keys_at":\d+/
        return try admin.receive()?.replacing(others, with: "")
    }

    private static func apps(_ accounts: Int) -> String {
        // An app without accounts is none.
        let app = accounts > 0 ? #"{"app":"default","accounts":\#(accounts)}"# : ""
        return #"{"ok":true,"apps":[\#(app)]}"#
    }

    @Test("200 enrolments at once where 50 may be: exactly 50, and the others as before")
    func burst() throws {
        try start(accountsMax: 50)
        let other = #"{"op":"import","app":"shop","user":"ada","secret":"\#(Self.secret)"}"#
        let lines = (0..<200).map { [Self.enrolling("user \($0)")] }
        let replies = try daemon.burst(lines, onAdmin: [other]).joined()
        #expect(replies.tally == ["ok": 51, "too_many_accounts": 150])
        try daemon.kill()
        try daemon.start()
        let found = #"[{"app":"default","accounts":50},{"app":"shop","accounts":1}]"#
        #expect(try accounts() == #"{"ok":true,"apps":\#(found)}"#)
        #expect(try daemon.ask(Self.enrolling("one more")).brief == "too_many_accounts")
        #expect(try !daemon.log().contains("counted"))
        let check = try daemon.check()
        #expect(check.ending == .exited(0), "\(check.printed)")
    }

    private static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    @Test("kill -9 amid enrolments and cancellations: the number is that of the accounts")
    func killed() throws {
        let max = 120
        try start(accountsMax: max)
        var random = SeededGenerator.announced("numbers of accounts")
        var cutOff = 0
        var users: [String] = []
        for round in 0..<12 {
            let clients = try (0..<4).map { _ in try daemon.connect() }
            for (index, client) in clients.enumerated() {
                let names = (0..<40).map { "user \(round) \(index) \($0)" }
                users += names
                let lines = names.flatMap { name in
                    Bool.random(using: &random)
                        ? [Self.enrolling(name), #"{"op":"cancel","user":"\#(name)"}"#]
                        : [Self.enrolling(name)]
                }
                cutOff += lines.count
                try client.send(bytes: Array((lines.joined(separator: "\n") + "\n").utf8))
            }
            let answers = Int.random(in: 0..<30, using: &random)
            for _ in 0..<answers { _ = try clients[0].reply() }
            cutOff -= answers
            try daemon.kill()
            for client in clients {
                while try client.receive() != nil { cutOff -= 1 }
            }
            try daemon.start()
            let replies = try daemon.connect().ask(
                users.map { #"{"op":"status","user":"\#($0)"}"# })
            let pending = replies.filter { $0.pending == true }.count
            #expect(pending <= max, "round \(round)")
            #expect(try accounts() == Self.apps(pending), "round \(round)")
        }
        #expect(cutOff > 0, "a campaign that cuts nothing off proves nothing")
        let rest = try daemon.connect().ask((0...max).map { Self.enrolling("rest \($0)") })
        #expect(rest.last?.brief == "too_many_accounts")
        #expect(try accounts() == Self.apps(max))
        #expect(try !daemon.log().contains("counted"), "no start had to count again")
        let check = try daemon.check()
        #expect(check.ending == .exited(0), "\(check.printed)")
    }
}
