// Two hosts that share one store, and a connection beside them.

import PostgresHarness
import Secrets
import Store
import StoreHarness

@testable import PostgresStore

final class TwoHosts {
    let schema: String
    let ring = KeyRing(current: .generate())
    let proxy: CuttingProxy
    let one: PostgresStore
    let other: PostgresStore
    /// Sees the tables as they are.
    let direct: Connection

    /// - Parameter isCut: whether the first is connected through `proxy`.
    init(isCut: Bool = false) throws {
        schema = try Cluster.shared().newSchema()
        proxy = try CuttingProxy(to: Cluster.shared().socket)
        let conninfo = try Cluster.shared().conninfo(schema)
        try PostgresStore.make(conninfo, ring)
        let cut = try Cluster.shared().conninfo(schema, in: proxy.path)
        one = try PostgresStore(
            isCut ? cut : conninfo, DatabaseHost(madeUp: "one"), ring, .oneServer, at: Clock.start)
        other = try PostgresStore(
            conninfo, DatabaseHost(madeUp: "other"), ring, .oneServer, at: Clock.start)
        direct = try Connection.ofTests(schema: schema)
    }

    func ask(_ store: PostgresStore, _ requests: Request...) throws -> [String] {
        try store.apply(requests.map { $0.change(in: store) }).map(\.brief)
    }

    /// All is sound.
    func end() throws {
        defer { proxy.close() }
        // The first may have no connection any more.
        let report = try other.check()
        guard report.problems.isEmpty else {
            throw StoreHarnessFault("the store: \(report.problems)")
        }
        try Cluster.shared().drop(schema)
    }

    func count(_ sql: String) throws -> Int64 { try direct.run(sql).int64(0, 0) }
}
