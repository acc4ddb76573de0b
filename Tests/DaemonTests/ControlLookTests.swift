// The subcommands of totpctl that look at a running daemon: whether it is well, its numbers, and
// what happens while it happens.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("totpctl looking", .waits)
struct ControlLookTests {
    private let daemon: DaemonProcess

    /// - Parameter kernel: what the kernel says of the clock, so that this host's does not matter.
    private init(kernel: String) throws {
        daemon = try DaemonProcess()
        daemon.environment = try HostClockTests.environment(for: daemon, kernel: kernel)
        try daemon.start()
    }

    init() throws { try self.init(kernel: "0") }

    private func control(_ arguments: String...) throws -> (status: Child.Ending, printed: String) {
        // A machine that is busy with other tests may keep the lane waiting.
        for _ in 0..<20 {
            let shown = try daemon.controlled(arguments)
            if !shown.printed.contains("lane_slow") { return shown }
        }
        throw HarnessFault("the lane is slow, and stays so")
    }

    @Test("doctor and status find nothing wrong where nothing is")
    func well() throws {
        let missing = daemon.directory.path(of: "none")
        let doctor = try control("doctor", "--app-socket", daemon.socket, "--config", missing)
        #expect(doctor.status == .exited(0), "\(doctor.printed)")
        #expect(!doctor.printed.contains("BAD"), "\(doctor.printed)")
        #expect(doctor.printed.contains("ok    health: ok"), "\(doctor.printed)")
        let status = try control("status")
        #expect(status.status == .exited(0))
        #expect(status.printed.hasSuffix(": ok\n"), "\(status.printed)")
    }

    @Test("doctor and status say what is wrong, and what to do")
    func wrong() throws {
        let other = try ControlLookTests(kernel: "5")
        let status = try other.control("status")
        #expect(status.status == .exited(2), "\(status.printed)")
        #expect(status.printed.contains(": degraded\n  clock_unsynchronized: the clock"))
        #expect(status.printed.contains("do: timedatectl"), "\(status.printed)")
        let missing = other.daemon.directory.path(of: "none")
        let doctor = try other.control(
            "doctor", "--app-socket", other.daemon.socket, "--config", missing)
        #expect(doctor.status == .exited(2))
        #expect(doctor.printed.contains("BAD   health: degraded: clock_unsynchronized"))
        // And it is well again once that is gone.
        #expect(try control("status", "--json").printed.contains(#""state":"ok""#))
    }

    @Test("stats shows every number in its group, and both texts for collectors")
    func stats() throws {
        let ada = try daemon.imported("ada")
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
        let stats = try control("stats")
        #expect(stats.status == .exited(0))
        for line in ["import.ok", "verify.ok", "p99_us", "room_bytes", "version", "uptime"] {
            #expect(stats.printed.contains("\n  \(line) "), "\(stats.printed)")
        }
        for group in ["requests", "connections", "app default", "lane", "store"] {
            #expect(stats.printed.contains("\n\n\(group)\n"), "\(stats.printed)")
        }
        #expect(stats.printed.contains(/room_bytes +[0-9.]+ [KMG]iB/))
        #expect(try control("stats", "--json").printed.hasPrefix(#"{"ok":true,"version":"#))
        let open = try control("stats", "--metrics", "openmetrics").printed
        #expect(open.hasPrefix("# HELP totpd_build_info ") && open.hasSuffix("\n# EOF\n"))
        let old = try control("stats", "--metrics", "prometheus").printed
        #expect(old.contains("\n# TYPE totpd_requests_total counter\n") && !old.contains("EOF"))
        #expect(try control("stats", "--metrics", "json").status == .exited(64))
    }

    @Test("status knows a proxy that hides its clients; sources shows it, and lets it in again")
    func sources() throws {
        let people = try Person.many(50, "ada")
        try daemon.admit(people)
        let app = try daemon.connect()
        func verifying(_ person: Person, _ port: Int) -> String {
            #"{"op":"verify","user":"\#(person.user)","code":"\#(person.wrongCode())","#
                + #""source":"127.0.0.1:\#(port)"}"#
        }
        let lines = people.enumerated().map { verifying($1, 40_000 + $0) }
        #expect(try app.ask(lines).tally == ["wrong_code": 50])
        let refused = try app.ask(verifying(people[0], 50_000))
        #expect(refused.brief == "throttled", "\(refused)")
        #expect(try control("status").printed.contains("source_is_proxy: all codes"))

        let spent = try control("sources")
        #expect(spent.printed.contains("SOURCE") && spent.printed.contains("127.0.0.1:40049"))
        let cleared = try control("clear-source", "127.0.0.1", "--reason", "ticket 4718")
        #expect(cleared.status == .exited(0), "\(cleared.printed)")
        #expect(try control("sources").printed == "no source is spent\n")
        #expect(try app.ask(verifying(people[0], 50_001)).brief == "wrong_code")
        #expect(try control("clear-source", "127.0.0.256").status == .exited(2))
        let events = try control("events", "--operation", "clear_source")
        #expect(events.printed.contains("ok from 127.0.0.1: ticket 4718"), "\(events.printed)")
        #expect(try control("apps").printed.contains("REQUESTS"))
        #expect(try control("stats").printed.contains(/requests\.verify\.wrong_code +[0-9]+\n/))
        let top = try control("top", "--interval", "1", "--looks", "1")
        #expect(top.status == .exited(0))
        #expect(top.printed.contains("REQUESTS/S") && top.printed.contains("default"))
        #expect(try control("top", "--interval", "0").status == .exited(64))
    }

    @Test("watch shows what happens, and says where to go on when the daemon ends")
    func watch() throws {
        let ada = try daemon.imported("ada")
        let tool = try watching("--operation", "verify")
        // Once its beginning is an event, all that follows is heard.
        while try !control("events", "--operation", "watch").printed.contains("watch") {}
        #expect(try daemon.ask(ada.verifying(ada.wrongCode())).error == "wrong_code")
        // The same code throughout, for a new step may begin meanwhile.
        let line = ada.verifying(ada.code())
        #expect(try daemon.ask(line).ok)
        let isShown = try tool.read { _ in tool.printed.contains("ok (totp)") }
        #expect(isShown)
        let lines = tool.printed.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].contains("wrong_code"), "\(tool.printed)")
        #expect(lines.allSatisfy { $0.contains("ada") && $0.contains("verify") })

        try daemon.stop()
        #expect(try tool.wait() == .exited(2))
        #expect(tool.complaints.contains("totpctl: unavailable"), "\(tool.complaints)")
        try daemon.start()
        let cursor = try #require(Self.cursor(tool.complaints))
        #expect(try daemon.ask(line).error == "replayed")
        let again = try watching("--operation", "verify", "--json", "--cursor", cursor)
        let isHeard = try again.read { _ in again.printed.contains("replayed") }
        #expect(isHeard && !again.printed.contains("wrong_code"), "\(again.printed)")
        try daemon.kill()
        #expect(try again.wait() == .exited(1))
        #expect(Self.cursor(again.complaints) != nil, "\(again.complaints)")
    }

    private func watching(_ arguments: String...) throws -> Child {
        try Child(
            Program.path("totpctl"), ["watch", "--socket", daemon.adminSocket] + arguments,
            environment: Program.environment())
    }

    /// Where it says to go on.
    static func cursor(_ complaints: String) -> String? {
        complaints.split(separator: "\n").compactMap { line in
            line.hasPrefix("hint: go on with --cursor ")
                ? line.split(separator: " ").last.map(String.init) : nil
        }.last
    }

    @Test("watch and events tell of an event that does not open, and go on behind it")
    func unreadable() throws {
        let ada = try daemon.imported("ada")
        #expect(try daemon.ask(ada.verifying(ada.wrongCode())).error == "wrong_code")
        #expect(try daemon.ask(ada.verifying(ada.code())).ok)
        try daemon.stop()
        try BitRot(daemon).flipOneBit(inEvent: 2)
        try daemon.start()
        let sentence = "event 2 does not open"
        let events = try control("events", "--since", "1h")
        #expect(events.printed.contains(sentence), "\(events.printed)")
        let tool = try watching("--cursor", "0")
        let isHeard = try tool.read { _ in tool.printed.contains("ok (totp)") }
        #expect(isHeard && tool.complaints.contains(sentence), "\(tool.complaints)")
        let operations = tool.printed.split(separator: "\n").compactMap { line in
            ["import", "verify", "events", "watch"].first { line.contains(" \($0) ") }
        }
        #expect(operations.prefix(2) == ["import", "verify"], "\(tool.printed)")
    }

    @Test("watch is refused an event that is yet to come")
    func future() throws {
        let result = try control("watch", "--cursor", "4711")
        #expect(result.status == .exited(2))
        #expect(result.printed.contains("bad_request: field 'cursor'"), "\(result.printed)")
    }
}
