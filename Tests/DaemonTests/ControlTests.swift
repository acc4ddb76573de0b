// totpctl against the real daemon: what it prints, and the exit status that scripts go by.

import DaemonHarness
import Foundation
import OneTimeCodes
import Patience
import Testing

@Suite("totpctl", .waits)
struct ControlTests {
    private let daemon: DaemonProcess
    private static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    init() throws { daemon = try DaemonProcess.ready() }

    private func control(_ arguments: String...) throws -> (status: Child.Ending, printed: String) {
        try daemon.controlled(arguments)
    }

    @Test("shows an account, unlocks it and resets it, with a reason")
    func support() throws {
        let ada = try daemon.imported("ada")
        #expect(try daemon.ask(ada.verifying(ada.wrongCode())).error == "wrong_code")

        let shown = try control("show", "ada")
        #expect(shown.status == .exited(0))
        #expect(shown.printed.contains("1 in a row"))
        #expect(!shown.printed.contains(ada.secret))
        let json = try control("show", "ada", "--json")
        #expect(json.printed.hasPrefix("{\"ok\":true"))

        #expect(try control("unlock", "ada", "--reason", "ticket 4712").status == .exited(0))
        #expect(try control("show", "ada").printed.contains("0 in a row"))

        // Nobody is there to be asked.
        let unasked = try control("reset", "ada", "--reason", "lost phone")
        #expect(unasked.status == .exited(64) && unasked.printed.contains("--yes"))
        #expect(try daemon.ask(ada.showing).error == "not_permitted")
        #expect(try control("show", "ada").printed.contains("since 20"))
        #expect(try control("reset", "ada", "--reason", "lost phone", "--yes").status == .exited(0))

        let again = try control("reset", "ada", "--reason", "lost phone", "--yes")
        #expect(again.status == .exited(2) && again.printed.contains("not_enrolled"))
    }

    @Test("without a daemon every subcommand says so, and ends with 1")
    func nobody() throws {
        try daemon.stop()
        for arguments in [
            ["show", "ada"], ["status"], ["apps"], ["users"], ["events"], ["watch"], ["stats"],
            ["check"], ["rotate-key", "record"],
        ] {
            let ending = try daemon.control(arguments + ["--socket", daemon.adminSocket])
            #expect(ending.ending == .exited(1), "\(arguments)")
            #expect(ending.printed.contains("cannot connect"), "\(ending.printed)")
            #expect(ending.printed.contains("doctor"))
        }
    }

    @Test("lists apps, with the numbers of their accounts")
    func apps() throws {
        #expect(try control("apps").printed.isEmpty)
        let admin = try daemon.connectAsAdmin()
        for app in ["shop", "blog", "shop"].enumerated() {
            let user = #""user":"ada \#(app.offset)","app":"\#(app.element)""#
            _ = try admin.ask(#"{"op":"import",\#(user),"secret":"\#(Self.secret)"}"#)
        }
        let apps = try control("apps")
        #expect(apps.status == .exited(0))
        let head = "APP   ACCOUNTS  KEYS  CONNECTIONS  REQUESTS\n"
        let rows = "blog  1         0     0            0\nshop  2         0     0            0\n"
        #expect(apps.printed == head + rows)
        let json = try control("apps", "--json").printed
        #expect(json.hasPrefix(#"{"ok":true,"apps":[{"app":"blog","accounts":1,"#))
    }

    @Test("lists users page by page, and events with the newest last")
    func lists() throws {
        let admin = try daemon.connectAsAdmin()
        _ = try admin.ask((0..<2_500).map { Self.importing("user \($0)") })
        let all = try control("users")
        #expect(all.status == .exited(0))
        let lines = all.printed.split(separator: "\n")
        #expect(lines.count == 2_501 && lines[0].hasPrefix("USER"))
        #expect(Set(lines).count == 2_501)
        let some = try control("users", "--prefix", "user 249", "--limit", "5").printed
        #expect(some.split(separator: "\n").count == 7 && some.contains("may be more: --cursor "))

        let ada = try daemon.imported("ada")
        _ = try daemon.ask(ada.verifying(ada.wrongCode()))
        _ = try control("reset", "ada", "--reason", "lost phone", "--yes")
        let events = try control("events", "--user", "ada")
        #expect(events.status == .exited(0))
        let rows = events.printed.split(separator: "\n")
        #expect(rows.count == 4 && rows[0].hasPrefix("AT"))
        #expect(rows[2].contains("verify") && rows[2].contains("wrong_code"))
        #expect(rows[3].contains("ok: lost phone"))
        #expect(!events.printed.contains(ada.secret))
        let since = try control("events", "--since", "1h", "--result", "wrong_code")
        #expect(since.printed.split(separator: "\n").count == 2)
    }

    private static func importing(_ user: String) -> String {
        #"{"op":"import","user":"\#(user)","secret":"\#(secret)"}"#
    }

    @Test("changes both kinds of keys, as docs/operate.md says, and waits until that is done")
    func keys() throws {
        try daemon.admit(try Person.many(300, "person"))
        for kind in ["master", "record"] {
            let result = try control("rotate-key", kind)
            #expect(result.status == .exited(0), "\(kind): \(result.printed)")
            #expect(result.printed.contains("now sealing under \(kind) key"))
            #expect(result.printed.contains("every record") == (kind == "record"))
        }
        // The old key is gone, which is the end of it.
        let stats = try control("stats").printed
        #expect(stats.contains("\n  record_keys.0 "), "\(stats)")
        #expect(!stats.contains("record_keys.1") && !stats.contains("\njob "), "\(stats)")
        // Written right after the end that totpctl has seen.
        var told = ""
        for _ in 0..<1_000 where told.split(separator: "\n").count < 5 {
            told = try control("events", "--operation", "rotate_key").printed
        }
        let results = told.split(separator: "\n").dropFirst().map { $0.contains("  begun  ") }
        #expect(results == [true, false, true, false], "\(told)")
        #expect(try control("rotate-key", "record", "--no-wait").status == .exited(0))
        #expect(try control("rotate-key", "index").status == .exited(64))
    }

    @Test("asks for nothing that the daemon does not know")
    func known() throws {
        let help = try daemon.control(["--help"]).printed
        let ops = try #require(try daemon.askAsAdmin(#"{"op":"hello"}"#).ops)
        for (subcommand, op) in [("stats", "stats"), ("watch", "watch"), ("status", "health")] {
            #expect(help.contains("\n  \(subcommand) "), "\(help)")
            #expect(ops.contains(op), "\(subcommand)")
        }
    }

    @Test("doctor finds a socket that is not there, and says what to do")
    func doctor() throws {
        let missing = daemon.directory.path(of: "nothing.sock")
        let result = try control("doctor", "--app-socket", missing, "--config", missing)
        #expect(result.status == .exited(2))
        #expect(result.printed.contains("BAD   socket \(missing)"), "\(result.printed)")
        #expect(result.printed.contains("do: systemctl start totpd.socket"))
        #expect(result.printed.contains("ok    socket \(daemon.adminSocket)"))
    }

    @Test("an app that nobody has is no app without users")
    func unknownApp() throws {
        _ = try daemon.askAsAdmin(
            #"{"op":"import","app":"shop","user":"ada","secret":"\#(Self.secret)"}"#)
        let passphrase = daemon.directory.path(of: "passphrase")
        try "correct horse battery staple\n".write(
            toFile: passphrase, atomically: true, encoding: .utf8)
        let export = daemon.directory.path(of: "accounts")
        for arguments in [
            ["users"], ["events"], ["watch"], ["sources"], ["clear-source", "192.0.2.1"],
            ["show", "ada"], ["export", export, "--passphrase-file", passphrase],
        ] {
            let rest = ["--app", "shoop", "--socket", daemon.adminSocket]
            let refused = try daemon.control(arguments + rest)
            #expect(refused.ending == .exited(2), "\(arguments)")
            #expect(refused.printed.contains("there is no app 'shoop'"), "\(refused.printed)")
        }
        #expect(!FileManager.default.fileExists(atPath: export))
        for arguments in [["users"], ["sources"], ["show", "ada"]] {
            for app in ["shop", "default"] {
                let asked = arguments + ["--app", app, "--socket", daemon.adminSocket]
                #expect(try daemon.control(asked).ending == .exited(0), "\(arguments) \(app)")
            }
        }
    }
}
