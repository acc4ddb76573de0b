// The real daemon and its totpd.toml: what it refuses to start with, what SIGHUP takes over, and
// what it leaves as it was.

import DaemonHarness
import Foundation
import Patience
import Testing

@Suite("The real daemon's configuration", .serialized, .waits)
struct DaemonConfigurationTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess() }

    private static let broken = """
        [app.default]
        digits = 9
        users = ["no-such-user"]
        colour = "red"
        """

    /// A line for each fault of `broken`.
    private func expectFaults(_ said: String) {
        let faults = [
            ":2: app.default.digits: 9 is out of range; a whole number from 6 to 8 is expected",
            ":3: app.default.users: there is no Unix user 'no-such-user'; one of this host is",
            ":4: app.default.colour: there is no such setting; one of issuer, users,",
        ]
        for fault in faults { #expect(said.contains(daemon.configuration + fault), "\(said)") }
    }

    @Test("whatever is wrong with it is a reason not to start, and is said with its line")
    func refused() throws {
        try daemon.configure(Self.broken)
        let (ending, said) = try daemon.startRefused()
        #expect(ending == .exited(1))
        expectFaults(said)
        #expect(!FileManager.default.fileExists(atPath: daemon.state), "a store was made")
    }

    @Test("--check-config says what is wrong with it, or that it is good, and needs nothing else")
    func checked() throws {
        let arguments = ["--check-config", "--config", daemon.configuration]
        for text in ["", "[app.default]\ndigits = 8"] {
            try daemon.configure(text)
            let (ending, said) = try daemon.startRefused(arguments)
            #expect(ending == .exited(0))
            expectOneSentence(said, "the configuration is good")
        }
        try daemon.configure(Self.broken)
        let (ending, said) = try daemon.startRefused(arguments)
        #expect(ending == .exited(1))
        expectFaults(said)
    }

    @Test("a file that was named and is not there, or that others may write")
    func files() throws {
        let missing = daemon.directory.path(of: "other.toml")
        let (ending, said) = try daemon.startRefused(["--check-config", "--config", missing])
        #expect(ending == .exited(1))
        expectOneSentence(said, "\(missing): No such file")
        #expect(chmod(daemon.configuration, 0o666) == 0)
        let (_, complaint) = try daemon.startRefused()
        expectOneSentence(complaint, "\(daemon.configuration): others may write to it")
    }

    @Test("SIGHUP takes it over whole, or not at all, and says which")
    func reloads() throws {
        let notified = try NotifySocket(path: daemon.directory.path(of: "notify"))
        daemon.environment = ["NOTIFY_SOCKET": notified.path]
        try daemon.start()
        _ = try notified.next(with: "READY")
        let client = try daemon.connect()
        func issuer() throws -> String? {
            try client.ask(#"{"op":"enroll","user":"ada"}"#).uri?.split(separator: "issuer=")
                .dropFirst().first.map(String.init)
        }
        #expect(try issuer() == nil)

        try daemon.configure("[app.default]\nissuer = \"One\"")
        #expect(try daemon.reload().hasSuffix(": info: reloaded\n"))
        #expect(try notified.next(with: "RELOADING")["MONOTONIC_USEC"] != nil)
        _ = try notified.next(with: "READY")
        #expect(try issuer() == "One")

        // One line is right, another is not: neither holds.
        try daemon.configure(Self.broken + "\nissuer = \"Two\"")
        let said = try daemon.reload()
        expectFaults(said)
        #expect(said.contains("warning: nothing was reloaded: the configuration before holds on"))
        _ = try notified.next(with: "RELOADING")
        _ = try notified.next(with: "READY")
        #expect(try issuer() == "One")

        // Without the file's place there are no defaults to fall back to: it was named.
        #expect(unlink(daemon.configuration) == 0)
        #expect(try daemon.reload().contains("\(daemon.configuration): No such file"))
        #expect(try issuer() == "One")
        try daemon.configure("")
        #expect(try daemon.reload().hasSuffix(": reloaded\n"))
        #expect(try issuer() == nil)
        #expect(try daemon.stop() == .exited(0))
    }
}
