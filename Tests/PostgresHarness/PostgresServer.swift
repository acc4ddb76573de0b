// A PostgreSQL server as a process: over a directory that initdb has made, on a Unix socket.

import DaemonHarness
import Foundation
import Patience
import Scratch
import Store
import Synchronization

package final class PostgresServer: @unchecked Sendable {
    // Unchecked, because whoever starts and stops it uses `process`, one after the other, and its
    // thread sets it before that.

    /// What the server's user may use: where its socket and its data are.
    package let directory: String
    private var process: Child?
    private let started = Mutex<Result<pid_t, any Error>?>(nil)

    private var data: String { "\(directory)/data" }

    /// - Parameter directory: an empty one, or one that `copy` has filled.
    package init(in directory: String) throws {
        self.directory = directory
        guard !FileManager.default.fileExists(atPath: data) else { return }
        if geteuid() == 0 {
            guard chown(directory, PostgresProgram.nobody, PostgresProgram.nobody) == 0 else {
                throw HarnessFault.call("chown")
            }
        }
        try Self.run(
            PostgresProgram.command(
                "initdb",
                [
                    "--pgdata", data, "--username", Cluster.user, "--auth", "trust",
                    "--no-locale", "--encoding", "UTF8", "--no-sync", "--no-instructions",
                    "--wal-segsize", "1",
                ]))
    }

    private static func run(_ command: (path: String, arguments: [String])) throws {
        let child = try Child(
            command.path, command.arguments, environment: Program.environment())
        guard try child.wait(Deadline(seconds: 60)) == .exited(0) else {
            throw HarnessFault("\(command.arguments): \(child.complaints)")
        }
    }

    /// A directory in memory may have room for 64 MB, with what other tests have there.
    private var settings: [String] {
        [
            "listen_addresses=", "unix_socket_directories=\(directory)", "shared_buffers=16MB",
            "dynamic_shared_memory_type=mmap", "min_wal_size=2MB", "max_wal_size=8MB",
            "max_connections=100", "log_min_messages=panic", "autovacuum=off",
        ]
    }

    /// Returns once it takes connections.
    package func start(_ more: [String] = []) throws {
        let (path, arguments) = try PostgresProgram.command(
            "postgres", ["-D", data] + (settings + more).flatMap { ["-c", $0] })
        let log = try Descriptor(
            open("\(directory)/log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600), "open")
        started.withLock { $0 = nil }
        // The server ends with the thread that started it (prctl(2), PR_SET_PDEATHSIG), and a
        // thread of a pool may end at any time: this one ends with the process.
        let thread = JoinableThread(named: "server") { [self] in
            let pid = Result {
                let child = try Child(
                    path, arguments, environment: Program.environment(),
                    descriptors: [1: log, 2: log])
                process = child
                return child.pid
            }
            started.withLock { $0 = pid }
            while true { pause() }
        }
        withExtendedLifetime(thread) {}
        let pid = try found("the server's process") { started.withLock { $0 } }.get()
        try eventually("the server takes connections", by: pid) { state == "ready" }
    }

    /// As the last line of its file says; a standby that takes readers is ready, too.
    private var state: String {
        let text = FileManager.default.contents(atPath: "\(data)/postmaster.pid") ?? Data()
        let last = String(decoding: text, as: UTF8.self).split(separator: "\n").last
        return last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
    }

    /// At once, as a crash would: nothing more is written or said (SIGQUIT). SIGINT ends it in
    /// order.
    package func stop(_ signal: Int32 = SIGQUIT) throws {
        process?.signal(signal)
        try process?.wait()
        process = nil
    }

    /// Has it and all its connections hang: they stay open, and nothing is answered.
    package func freeze() throws { try signalAll(SIGSTOP) }

    package func thaw() throws { try signalAll(SIGCONT) }

    private func signalAll(_ signal: Int32) throws {
        guard let pid = process?.pid else { throw HarnessFault("the server does not run") }
        let path = "/proc/\(pid)/task/\(pid)/children"
        let children = try String(contentsOfFile: path, encoding: .utf8).split(separator: " ")
            .compactMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        // It makes no more of them.
        process?.signal(signal)
        for child in children { kill(child, signal) }
    }

    // MARK: A standby

    /// Copies the data of a server that was stopped in order, to a standby of it.
    package func copy(to other: String) throws {
        let cp = try Program.tool("cp", package: "coreutils")
        try Self.run((cp, ["--archive", "\(directory)/.", other]))
        let signal = "\(other)/data/standby.signal"
        guard FileManager.default.createFile(atPath: signal, contents: Data()) else {
            throw HarnessFault("\(signal) cannot be made")
        }
    }

    /// Makes a primary of a standby, as `pg_ctl promote` does.
    package func promote() throws {
        let signal = "\(data)/promote"
        guard FileManager.default.createFile(atPath: signal, contents: Data()) else {
            throw HarnessFault("\(signal) cannot be made")
        }
        process?.signal(SIGUSR1)
        try eventually("the standby is promoted") {
            !FileManager.default.fileExists(atPath: "\(data)/standby.signal")
        }
    }
}
