// A PostgreSQL server of the tests' own, in a directory in memory, on a Unix socket. Each test has
// a schema of its own in it.

import DaemonHarness
import Foundation
import Patience
import PostgresStore
import Scratch
import Store
import Synchronization

package final class Cluster: @unchecked Sendable {
    // Unchecked, because `server` is set before anybody has the cluster, and used by its own thread
    // and at the end of the process.

    /// Where its socket is.
    package let directory: String
    package static let user = "totpd"
    private let files: TemporaryDirectory
    private var server: Child?
    private let started = Mutex<Result<pid_t, any Error>?>(nil)

    /// One for all tests of this process; it ends with the process.
    package static func shared() throws -> Cluster { try common.get() }

    private static let common = Result<Cluster, any Error> {
        let cluster = try Cluster()
        atexit { Cluster.endShared() }
        return cluster
    }

    private static func endShared() {
        guard case .success(let cluster) = common else { return }
        cluster.stop()
        do {
            try FileManager.default.removeItem(atPath: cluster.directory)
        } catch {
            print("\(cluster.directory) stays behind: \(error)")
        }
    }

    private init() throws {
        files = try TemporaryDirectory(isInMemory: true)
        directory = files.path
        if geteuid() == 0 {
            guard chown(directory, PostgresProgram.nobody, PostgresProgram.nobody) == 0 else {
                throw HarnessFault.call("chown")
            }
        }
        try makeCluster()
        try start()
    }

    private var data: String { files.path(of: "data") }

    private func makeCluster() throws {
        let (path, arguments) = try PostgresProgram.command(
            "initdb",
            [
                "--pgdata", data, "--username", Self.user, "--auth", "trust", "--no-locale",
                "--encoding", "UTF8", "--no-sync", "--no-instructions", "--wal-segsize", "1",
            ])
        let initdb = try Child(path, arguments, environment: Program.environment())
        guard try initdb.wait(Deadline(seconds: 60)) == .exited(0) else {
            throw HarnessFault("initdb: \(initdb.complaints)")
        }
    }

    private func start() throws {
        // A directory in memory may have room for 64 MB, with what other tests have there.
        let settings = [
            "listen_addresses=", "unix_socket_directories=\(directory)", "shared_buffers=16MB",
            "dynamic_shared_memory_type=mmap", "min_wal_size=2MB", "max_wal_size=8MB",
            "max_connections=100", "log_min_messages=panic", "autovacuum=off",
        ]
        let (path, arguments) = try PostgresProgram.command(
            "postgres", ["-D", data] + settings.flatMap { ["-c", $0] })
        let log = try Descriptor(
            open(files.path(of: "log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600), "open")
        // The server ends with the thread that started it (prctl(2), PR_SET_PDEATHSIG), and a
        // thread of a pool may end at any time.
        let thread = JoinableThread { [self] in
            let result = Result {
                let child = try Child(
                    path, arguments, environment: Program.environment(),
                    descriptors: [1: log, 2: log])
                server = child
                return child.pid
            }
            started.withLock { $0 = result }
            while true { pause() }
        }
        withExtendedLifetime(thread) {}
        let pid = try found("the server's process") { started.withLock { $0 } }.get()
        try eventually("the server takes connections", by: pid) {
            let state = FileManager.default.contents(atPath: "\(data)/postmaster.pid") ?? Data()
            return String(decoding: state, as: UTF8.self).contains("ready")
        }
    }

    /// At once, as a crash would.
    private func stop() {
        server?.signal(SIGQUIT)
        do {
            _ = try server?.wait()
        } catch {
            print("the server of the tests: \(error)")
        }
        server = nil
    }

    /// For libpq, with what a schema's name adds.
    package func conninfo(_ schema: String = "public", in directory: String? = nil) -> String {
        "host=\(directory ?? self.directory) user=\(Self.user) dbname=postgres "
            + "options='-csearch_path=\(schema)'"
    }

    /// The socket itself, for what stands between.
    package var socket: String { Self.socket(in: directory) }

    /// Where libpq looks for a server that listens in a directory.
    package static func socket(in directory: String) -> String { "\(directory)/.s.PGSQL.5432" }

    private static let schemas = Atomic(0)

    /// An empty one that no other test has.
    package func newSchema() throws -> String {
        let schema = "test_\(Self.schemas.add(1, ordering: .relaxed).newValue)"
        try run("CREATE SCHEMA \(schema)")
        return schema
    }

    /// Gives its room back.
    package func drop(_ schema: String) throws { try run("DROP SCHEMA \(schema) CASCADE") }

    private func run(_ sql: String) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        let connection = try Connection(conninfo(), by: deadline)
        _ = try connection.run([Statement(sql, sql).with()], by: deadline)
    }
}
