// A connection of a test's own to the tests' server, or to what stands before it.

import PostgresHarness

@testable import PostgresStore

extension ContinuousClock.Instant {
    /// Long enough for a busy machine.
    static var usual: Self { .now + .seconds(20) }
}

extension Connection {
    /// - Parameter directory: where a proxy's socket is, if not the server's own.
    static func ofTests(
        schema: String = "public", in directory: String? = nil
    ) throws -> Connection {
        try Connection(Cluster.shared().conninfo(schema, in: directory), by: .usual)
    }

    @discardableResult
    func run(_ calls: Statement.Call...) throws(DatabaseFault) -> [Reply] {
        try run(calls, by: .usual)
    }

    /// A statement that is asked once.
    @discardableResult
    func run(_ sql: String) throws(DatabaseFault) -> Reply {
        try run(Statement(sql, sql).with())[0]
    }
}
