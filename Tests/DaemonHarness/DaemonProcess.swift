// The real totpd, as its users run it: its own process, directories, key and sockets. All of them
// go with the test.

import Foundation
import Scratch

/// ```
/// let daemon = try DaemonProcess.ready()
/// let client = try daemon.connect()
/// let reply = try client.ask(#"{"op":"hello"}"#)
/// try daemon.kill()          // SIGKILL; the state stays
/// try daemon.start()         // on the same state
/// try daemon.stop()          // SIGTERM, and waits: .exited(0)
/// ```
package final class DaemonProcess {
    /// Everything the daemon uses lies here, unless it is told otherwise.
    package let directory: TemporaryDirectory
    package var state: String
    package var keys: String
    package var socket: String
    package var adminSocket: String
    /// Empty, until `configure` writes it.
    package let configuration: String
    /// On top of our own environment, for all starts from now on; for instance LD_PRELOAD.
    package var environment: [String: String] = [:]
    /// What stands before the daemon on the command line: a program that ends in exec(3).
    package var launcher: [String] = []
    /// What the daemon finds as descriptor 3, 4 ….
    package var inherited: [Int32: Descriptor] = [:]
    private var child: Child?
    private var earlierLog = ""

    /// A place with a fresh key, and no daemon yet.
    ///
    /// - Parameter isInMemory: see `TemporaryDirectory`. Each daemon writes a log of 32 MiB.
    package init(isInMemory: Bool = false) throws {
        directory = try TemporaryDirectory(isInMemory: isInMemory)
        state = directory.path(of: "state")
        keys = directory.path(of: "keys")
        socket = directory.path(of: "app.sock")
        adminSocket = directory.path(of: "admin.sock")
        configuration = directory.path(of: "totpd.toml")
        try configure("")
        try writeKey(Self.keyLine())
    }

    /// A daemon that serves.
    package static func ready(environment: [String: String] = [:]) throws -> DaemonProcess {
        let daemon = try DaemonProcess()
        daemon.environment = environment
        try daemon.start()
        return daemon
    }

    // MARK: Keys

    /// A line of a key file, as `totpctl keygen` writes it, with random digits.
    package static func keyLine(id: String = hexadecimal(8)) -> String {
        "totpd-master-key-1 \(id) \(hexadecimal(64))"
    }

    package static func hexadecimal(_ count: Int) -> String {
        (0..<count).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
    }

    package func writeKey(_ text: String, mode: mode_t = 0o600) throws {
        let isWritten = FileManager.default.createFile(
            atPath: keys, contents: Data((text + "\n").utf8))
        guard isWritten, chmod(keys, mode) == 0 else { throw HarnessFault.call("write \(keys)") }
    }

    // MARK: Configuration

    package func configure(_ text: String) throws {
        let isWritten = FileManager.default.createFile(
            atPath: configuration, contents: Data((text + "\n").utf8))
        guard isWritten, chmod(configuration, 0o644) == 0 else {
            throw HarnessFault.call("write \(configuration)")
        }
    }

    /// Sends SIGHUP, and waits for what the daemon says to it.
    package func reload() throws -> String {
        let running = try running()
        let before = running.complaints
        running.signal(SIGHUP)
        let isAnswered = try running.read {
            let said = $0.dropFirst(before.count)
            return said.contains("reloaded") && said.hasSuffix("\n")
        }
        guard isAnswered else { throw HarnessFault("totpd ended: \(running.complaints)") }
        return String(running.complaints.dropFirst(before.count))
    }

    // MARK: Life

    package var arguments: [String] {
        [
            "--state", state, "--keys", keys, "--config", configuration,
            "--socket", socket, "--admin-socket", adminSocket,
        ]
    }

    /// Starts the daemon and waits for its line `ready`.
    package func start(_ arguments: [String]? = nil) throws {
        let started = try launch(arguments)
        let isReady = try started.read(until: { $0.contains(": ready\n") })
        guard isReady else { throw HarnessFault("totpd did not start: \(started.complaints)") }
    }

    /// Starts the daemon, which is expected to refuse, and waits for its end.
    package func startRefused(
        _ arguments: [String]? = nil
    ) throws -> (ending: Child.Ending, sentence: String) {
        let started = try launch(arguments)
        let isReady = try started.read(until: { $0.contains(": ready\n") })
        if isReady { throw HarnessFault("totpd started: \(started.complaints)") }
        return (try end(), started.complaints)
    }

    /// Starts the daemon and waits for nothing.
    @discardableResult
    package func launch(_ arguments: [String]? = nil) throws -> Child {
        guard child == nil else { throw HarnessFault("this daemon runs already") }
        let command = try launcher + [Program.path("totpd")] + (arguments ?? self.arguments)
        let started = try Child(
            command[0], Array(command.dropFirst()), environment: Program.environment(environment),
            descriptors: inherited)
        child = started
        return started
    }

    /// The process, while there is one.
    package func running() throws -> Child {
        guard let child else { throw HarnessFault("this daemon does not run") }
        return child
    }

    package var pid: pid_t { get throws { try running().pid } }

    /// Asks it to end (SIGTERM), and waits.
    @discardableResult
    package func stop() throws -> Child.Ending {
        try running().signal(SIGTERM)
        return try end()
    }

    /// Ends it at once (SIGKILL).
    package func kill() throws {
        try running().signal(SIGKILL)
        try end()
    }

    /// Waits for its end, whatever the reason.
    @discardableResult
    package func end(_ deadline: Deadline = .usual) throws -> Child.Ending {
        let running = try running()
        defer {
            earlierLog += running.complaints
            child = nil
        }
        return try running.wait(deadline)
    }

    /// All it has written to standard error since the first start.
    package func log() throws -> String {
        guard let child else { return earlierLog }
        try child.readWhatIsThere()
        return earlierLog + child.complaints
    }

    // MARK: Talking

    package func connect() throws -> LineConnection { try LineConnection(path: socket) }
    package func connectAsAdmin() throws -> LineConnection { try LineConnection(path: adminSocket) }

    /// One request on a connection of its own.
    package func ask(_ line: String) throws -> Reply { try connect().ask(line) }
    package func askAsAdmin(_ line: String) throws -> Reply { try connectAsAdmin().ask(line) }

    /// Runs `totpctl` to its end.
    package func control(_ arguments: [String]) throws -> (ending: Child.Ending, printed: String) {
        let tool = try Child(
            Program.path("totpctl"), arguments, environment: Program.environment())
        return (try tool.wait(), tool.printed + tool.complaints)
    }

    /// Runs `totpctl` on the daemon's admin socket.
    package func controlled(
        _ arguments: [String]
    ) throws -> (status: Child.Ending, printed: String) {
        let (ending, printed) = try control(arguments + ["--socket", adminSocket])
        return (ending, printed)
    }

    /// `totpctl check` on the state, which may be in use.
    package func check() throws -> (ending: Child.Ending, printed: String) {
        try control(["check", "--state", state, "--keys", keys])
    }
}
