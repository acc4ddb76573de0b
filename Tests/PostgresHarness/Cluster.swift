// A PostgreSQL server that all tests of a process share, in memory. Each test has a schema of its
// own in it.

import Foundation
import PostgresStore
import Scratch
import Synchronization

package final class Cluster: Sendable {
    package static let user = "totpd"
    private let server: PostgresServer

    /// Where its socket is.
    package var directory: String { server.directory }

    /// It ends with the process.
    package static func shared() throws -> Cluster { try common.get() }

    private static let common = Result<Cluster, any Error> {
        let cluster = try Cluster()
        atexit { Cluster.endShared() }
        return cluster
    }

    private static func endShared() {
        guard case .success(let cluster) = common else { return }
        do {
            try cluster.server.stop()
            try FileManager.default.removeItem(atPath: cluster.directory)
        } catch {
            print("the server of the tests: \(error)")
        }
    }

    /// Of the server, for as long as the process.
    private let files: TemporaryDirectory

    private init() throws {
        files = try TemporaryDirectory(isInMemory: true)
        server = try PostgresServer(in: files.path)
        try server.start()
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
