// The second round trip of a batch: one statement that writes all it has changed, and the row of
// its lane.

import Accounts
import Store

enum BatchWriting {
    /// - Parameters:
    ///   - end: what the lane's row says now.
    ///   - ending: what it says with the batch, sealed.
    static func call(
        _ batch: Batch, lane: Int64, _ token: RecordID, from end: LaneEnd, ending: [UInt8],
        _ seal: RowSeal
    ) -> Statement.Call {
        let rows = [batch.rows.guardChanges, batch.rows.factorChanges, batch.rows.bucketChanges]
        let apps = AppChanges(batch.rows.apps, seal)
        let expected = rows.reduce(apps.ids.count) { $0 + $1.count }
        let blocks = batch.blocks
        return Statement.Call(
            statement: LaneStatements.keep,
            parameters: [
                Parameter.int64(lane), Parameter.uuid(token), Parameter.int64(end.batches),
                ending,
            ] + rows.flatMap(parameters) + apps.parameters + [
                Parameter.array(of: blocks.map(\.first)),
                Parameter.array(of: blocks.map(\.count)),
                Parameter.array(of: blocks.map(\.sealed)), Parameter.int64(Int64(expected)),
            ])
    }

    private static func parameters(_ changes: RowChanges) -> [[UInt8]] {
        [
            Parameter.array(of: changes.updated.ids),
            Parameter.array(of: changes.updated.sealed), Parameter.array(of: changes.deleted),
            Parameter.array(of: changes.inserted.ids),
            Parameter.array(of: changes.inserted.sealed),
        ]
    }
}

/// Apps whose number of accounts a batch changes.
private struct AppChanges {
    /// Of those that have a row.
    var ids: [RecordID] = []
    private var more: [Int64] = []
    private var most: [Int64] = []
    private var newIDs: [RecordID] = []
    private var names: [[UInt8]] = []
    private var counts: [Int64] = []

    init(_ apps: [AppName: BatchRows.App], _ seal: RowSeal) {
        let changed = apps.filter { $0.value.added != 0 }.map { name, app in
            (RecordID(app: name, indexKey: seal.keys.preparedIndex), name, app)
        }
        for (id, name, app) in changed.sorted(by: { $0.0 < $1.0 }) {
            guard app.stored != nil else {
                newIDs.append(id)
                names.append(AppRow.seal(name, id, seal))
                counts.append(Int64(max(0, app.added)))
                continue
            }
            ids.append(id)
            more.append(Int64(app.added))
            most.append(Int64(app.most))
        }
    }

    var parameters: [[UInt8]] {
        [
            Parameter.array(of: ids), Parameter.array(of: more), Parameter.array(of: most),
            Parameter.array(of: newIDs), Parameter.array(of: names), Parameter.array(of: counts),
        ]
    }
}
