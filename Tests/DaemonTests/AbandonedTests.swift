// Enrolments that nobody confirmed, on the real daemon: they make room, also where the sweep was
// killed in its midst, and the numbers are those of the accounts.

import DaemonHarness
import Foundation
import Patience
import SeededRandom
import Testing

@Suite("Given-up enrolments on the real daemon", .serialized, .waits)
struct AbandonedTests {
    private static let max = 2_000

    /// A daemon whose app is full of enrolments that were begun eleven minutes ago, and killed.
    private static func full() throws -> DaemonProcess {
        let daemon = try DaemonProcess()
        try daemon.configure("[app.default]\naccounts_max = \(max)")
        daemon.environment = [
            "LD_PRELOAD": try Preload.library(Preload.clock, for: daemon), "CLOCK_OFFSET": "-660",
        ]
        try daemon.start()
        let lines = (0..<max).map { enrolling("user \($0)") }
        #expect(try daemon.connect().ask(lines).tally == ["ok": max])
        #expect(try daemon.ask(Self.enrolling("one more")).brief == "too_many_accounts")
        try daemon.kill()
        daemon.environment = [:]
        return daemon
    }

    private static func enrolling(_ user: String) -> String {
        #"{"op":"enroll","user":"\#(user)"}"#
    }

    private static func expectSound(_ daemon: DaemonProcess) throws {
        try daemon.stop()
        #expect(try !daemon.log().contains("counted"))
        let check = try daemon.check()
        #expect(check.ending == .exited(0), "\(check.printed)")
    }

    /// Asks until there is room.
    private static func enroll(_ user: String, _ daemon: DaemonProcess) throws {
        let client = try daemon.connect()
        for _ in 0..<100_000 {
            let reply = try client.ask(enrolling(user)).brief
            if reply == "ok" { return }
            #expect(reply == "too_many_accounts")
        }
        Issue.record("there is never room")
    }

    @Test("are gone soon after somebody found no room")
    func room() throws {
        let daemon = try Self.full()
        try daemon.start()
        #expect(try daemon.ask(Self.enrolling("one more")).brief == "too_many_accounts")
        try Self.enroll("one more", daemon)
        let status = try daemon.ask(#"{"op":"status","user":"user 7"}"#)
        #expect(status.ok)
        try Self.expectSound(daemon)
    }

    @Test("kill -9 amid the sweep: some are gone, and the number is that of the others")
    func killed() throws {
        var random = SeededGenerator.announced("kill -9 amid a sweep")
        let daemon = try Self.full()
        for _ in 0..<6 {
            try daemon.start()
            let client = try daemon.connect()
            for number in 0..<Int.random(in: 1...40, using: &random) {
                try client.send(Self.enrolling("late \(number)"))
            }
            _ = try client.receive()
            for _ in 0..<Int.random(in: 0..<20_000, using: &random) { sched_yield() }
            try daemon.kill()
            let check = try daemon.check()
            #expect(check.ending == .exited(0), "\(check.printed)")
        }
        try daemon.start()
        try Self.enroll("one more", daemon)
        try Self.expectSound(daemon)
    }
}
