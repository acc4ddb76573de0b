// Depth 3: the program itself, in a process of its own, under a clock that libfaketime holds still.

import Accounts
import DaemonHarness
import Foundation
import Testing

final class DaemonStage: Stage {
    private let daemon: DaemonProcess
    private let clockPath: String
    private var connections: [Speaker: LineConnection] = [:]
    private var pids: [pid_t] = []

    init() throws {
        daemon = try ProcessWide.run { try DaemonProcess(isInMemory: true) }
        clockPath = daemon.directory.path(of: "clock")
        daemon.environment = [
            "LD_PRELOAD": try Self.library(),
            "FAKETIME_TIMESTAMP_FILE": clockPath,
            // Read again each time; and what measures waits goes on as it does.
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "TZ": "UTC",
        ]
        // In the first process of a chain the library adds to the environment, and so moves it away
        // from where Swift looks for its arguments: below it, on the stack. env(1) goes first.
        daemon.launcher = [try Program.tool("env", package: "coreutils")]
        try set(Player.beginning)
        try start()
    }

    deinit {
        // The library's memory is named after the process, and stays behind.
        for pid in pids {
            unlink("/dev/shm/faketime_shm_\(pid)")
            unlink("/dev/shm/sem.faketime_sem_\(pid)")
        }
    }

    private func start() throws {
        try ProcessWide.run { try daemon.start() }
        pids.append(try daemon.pid)
    }

    /// Debian keeps it in a folder for each architecture.
    static func library(under root: String = "/usr/lib") throws -> String {
        let folders = try FileManager.default.contentsOfDirectory(atPath: root)
        let found = folders.filter { $0.hasSuffix("-linux-gnu") }
            .map { "\(root)/\($0)/faketime/libfaketimeMT.so.1" }
            .first { FileManager.default.fileExists(atPath: $0) }
        guard let found else {
            throw HarnessFault("libfaketimeMT.so.1 is missing: install the package faketime")
        }
        return found
    }

    /// In one step: the daemon reads the file whenever it looks at its clock.
    func set(_ now: Instant) throws {
        let next = clockPath + ".next"
        let text = Data((ISOMoment.frozen(now) + "\n").utf8)
        let isWritten = try ProcessWide.run {
            FileManager.default.createFile(atPath: next, contents: text)
        }
        guard isWritten, rename(next, clockPath) == 0 else { throw HarnessFault.call("rename") }
    }

    func ask(_ line: String, as speaker: Speaker) throws -> String {
        let path: String
        switch speaker {
        case .app: path = daemon.socket
        case .admin, .watcher: path = daemon.adminSocket
        }
        let connection = try connections[speaker] ?? LineConnection(path: path)
        connections[speaker] = connection
        try connection.send(line)
        let reply = try connection.receive()
        return try #require(reply, "the daemon hung up")
    }

    func configure(_ text: String) throws {
        try ProcessWide.run { try daemon.configure(text) }
        #expect(try daemon.reload().hasSuffix(": reloaded\n"))
    }

    func hear(as speaker: Speaker) throws -> String {
        let connection = try #require(connections[speaker], "nobody is there to hear")
        return try #require(try connection.receive(), "the daemon hung up")
    }

    func restart() throws {
        try stop()
        try start()
    }

    private func stop() throws {
        connections = [:]
        #expect(try daemon.stop() == .exited(0))
    }

    func finish() throws {
        try stop()
        let log = try daemon.log()
        // A dialogue may move the clock by years, and stop totpd while a change of record keys
        // comes to its end: that is said, and no fault.
        let said = [
            "the clock has jumped by", "how rotate_key ended (ok) could not be kept as an event",
        ]
        let faults = log.split(separator: "\n").filter { line in
            line.contains(": error:") && !said.contains { line.contains($0) }
        }
        #expect(faults.isEmpty, "\(log)")
        let (ending, printed) = try ProcessWide.run { try daemon.check() }
        #expect(ending == .exited(0), "\(printed)")
    }
}
