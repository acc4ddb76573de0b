// What the real daemon says about its host's clock, for several answers of the kernel and for none.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("The real daemon's host clock", .waits)
struct HostClockTests {
    /// States of adjtimex(2).
    private static let (ok, error) = ("0", "5")
    private static let reason = "clock_unsynchronized"

    private func health(kernel: String?) throws -> Reply {
        let daemon = try DaemonProcess()
        daemon.environment = try Self.environment(for: daemon, kernel: kernel)
        try daemon.start()
        let reply = try daemon.askAsAdmin(#"{"op":"health"}"#)
        #expect(try daemon.stop() == .exited(0))
        return reply
    }

    /// For a daemon whose kernel says that.
    static func environment(
        for daemon: DaemonProcess, kernel: String?
    ) throws -> [String: String] {
        let library = try Preload.library(Preload.kernelClock, for: daemon)
        return ["LD_PRELOAD": library].merging(kernel.map { ["KERNEL_CLOCK": $0] } ?? [:]) { $1 }
    }

    @Test("is synchronized when the kernel says so")
    func right() throws {
        let health = try health(kernel: Self.ok)
        #expect(health.clock == "synchronized")
        #expect(health.reasons?.contains(Self.reason) == false)
    }

    @Test("is degraded when the kernel says that nothing keeps it right")
    func wrong() throws {
        let health = try health(kernel: Self.error)
        #expect(health.clock == "unsynchronized" && health.state != "ok")
        #expect(health.reasons?.contains(Self.reason) == true)
    }

    @Test("is no reason when the kernel may not be asked")
    func unknown() throws {
        let health = try health(kernel: nil)
        // systemd-timesyncd, where it runs, says it too.
        let mark = "/run/systemd/timesync/synchronized"
        let isMarked = FileManager.default.fileExists(atPath: mark)
        #expect(health.clock == (isMarked ? "synchronized" : "unknown"))
        #expect(health.reasons?.contains(Self.reason) == false)
    }

    /// What the daemon says of its clock, which is so far off, after many people have logged in.
    private func reasons(offset: Int) throws -> [String] {
        let daemon = try DaemonProcess()
        daemon.environment = [
            "LD_PRELOAD": try Preload.library(Preload.clock, for: daemon),
            "CLOCK_OFFSET": "\(offset)",
        ]
        try daemon.start()
        // More than it takes: a step may end between a code and its verify.
        let people = try Person.many(160, "person")
        try daemon.admit(people)
        let client = try daemon.connect()
        for person in people { _ = try client.ask(person.verifying(person.code())) }
        let health = try daemon.askAsAdmin(#"{"op":"health"}"#)
        return try #require(health.reasons).filter { ["clock_fast", "clock_slow"].contains($0) }
    }

    @Test("is wrong when most phones say so, whatever the kernel says")
    func phones() throws {
        #expect(try reasons(offset: 0) == [])
        #expect(try reasons(offset: 30) == ["clock_fast"])
        #expect(try reasons(offset: -30) == ["clock_slow"])
    }
}
