// The first round trip of a batch: locks and reads all rows that its changes are about.

import Accounts
import Store

struct BatchReading {
    /// What the server says of a COMMIT, and of the lane.
    struct Promise {
        let hasStandby: Bool
        let isFlushed: Bool
        let isLaneOurs: Bool
        /// That the lane has kept; -1 without its row.
        let batches: Int64
        let now: Instant
    }

    struct Found {
        let promise: Promise
        let rows: BatchRows
        /// Whether an account has a factor and no guard.
        let hasLoneFactor: Bool
    }

    let calls: [Statement.Call]
    private let apps: [RecordID: AppName]

    init(of changes: [Change], lane: Int64, _ token: RecordID, _ seal: RowSeal) {
        var accounts: Set<RecordID> = []
        var buckets: Set<RecordID> = []
        var names: Set<AppName> = []
        for change in changes {
            switch change {
            case .account(let change):
                accounts.insert(change.id)
                names.insert(change.name.app)
                if let target = change.target {
                    accounts.insert(target.id)
                    names.insert(target.name.app)
                }
                if let source = change.source { buckets.insert(source.bucket) }
            case .limit(let change): buckets.insert(change.address.bucket)
            case .event: break
            }
        }
        apps = Dictionary(
            uniqueKeysWithValues: names.map { name in
                (RecordID(app: name, indexKey: seal.keys.preparedIndex), name)
            })
        // In the order of their keys, as all batches lock them.
        let ids = Parameter.array(of: accounts.sorted())
        calls = [
            LaneStatements.begin,
            LaneStatements.promise.with(Parameter.int64(lane), Parameter.uuid(token)),
            LaneStatements.guards.with(ids), LaneStatements.factors.with(ids),
            LaneStatements.buckets.with(Parameter.array(of: buckets.sorted())),
            LaneStatements.apps.with(Parameter.array(of: apps.keys.sorted())),
        ]
    }

    /// - Parameter replies: to `calls`.
    func found(_ replies: [Reply]) throws(DatabaseFault) -> Found {
        let (promise, counts) = (replies[1], replies[5])
        let (guards, factors) = (try Self.sealed(replies[2]), try Self.sealed(replies[3]))
        var accounts: [AppName: Int] = [:]
        for row in 0..<counts.count {
            guard let name = apps[try counts.id(row, 0)] else {
                throw .unexpected("an app that was not asked for")
            }
            accounts[name] = Int(try counts.int64(row, 1))
        }
        return Found(
            promise: Promise(
                hasStandby: try promise.int64(0, 0) == 1, isFlushed: try promise.int64(0, 1) == 1,
                isLaneOurs: try promise.int64(0, 2) == 1, batches: try promise.int64(0, 3),
                now: Instant(milliseconds: try promise.int64(0, 4))),
            rows: BatchRows(
                guards: guards, factors: factors, buckets: try Self.sealed(replies[4]),
                apps: accounts),
            hasLoneFactor: factors.keys.contains { guards[$0] == nil })
    }

    private static func sealed(_ reply: Reply) throws(DatabaseFault) -> [RecordID: [UInt8]] {
        var rows: [RecordID: [UInt8]] = [:]
        for row in 0..<reply.count { rows[try reply.id(row, 0)] = try reply.record(row, 1) }
        return rows
    }
}
