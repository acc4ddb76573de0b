// The rows that a batch works on: as they were read and locked, and as it leaves them. What is
// written is the difference.

import Accounts

struct BatchRows {
    /// Accounts of an app, and by how many the batch changes that.
    struct App {
        /// Nil where there is no row.
        let stored: Int?
        var added = 0
        /// The most that anybody of the batch who came in may be one of.
        var most = 0
    }

    /// A row of `sealed` bytes before and after.
    private struct Row {
        let stored: [UInt8]?
        var new: [UInt8]?
    }

    private var guards: [RecordID: Row] = [:]
    private var factors: [RecordID: Row] = [:]
    private var buckets: [RecordID: Row] = [:]
    private(set) var apps: [AppName: App] = [:]

    /// Of each account or bucket that is not in a dictionary, there is no row.
    init(
        guards: [RecordID: [UInt8]], factors: [RecordID: [UInt8]], buckets: [RecordID: [UInt8]],
        apps: [AppName: Int]
    ) {
        self.guards = guards.mapValues { Row(stored: $0, new: $0) }
        self.factors = factors.mapValues { Row(stored: $0, new: $0) }
        self.buckets = buckets.mapValues { Row(stored: $0, new: $0) }
        self.apps = apps.mapValues { App(stored: $0) }
    }

    subscript(account id: RecordID) -> AccountRows {
        get { AccountRows(guard: guards[id]?.new, factor: factors[id]?.new) }
        set {
            guards[id, default: Row(stored: nil)].new = newValue.guard
            factors[id, default: Row(stored: nil)].new = newValue.factor
        }
    }

    subscript(bucket id: RecordID) -> [UInt8]? {
        get { buckets[id]?.new }
        set { buckets[id, default: Row(stored: nil)].new = newValue }
    }

    /// Accounts of an app, those included that the batch has made.
    func count(of app: AppName) -> Int {
        apps[app].map { ($0.stored ?? 0) + $0.added } ?? 0
    }

    mutating func addAccount(to app: AppName, ofAtMost most: Int) {
        apps[app, default: App(stored: nil)].added += 1
        apps[app, default: App(stored: nil)].most = max(apps[app]?.most ?? 0, most)
    }

    mutating func removeAccount(from app: AppName) {
        apps[app, default: App(stored: nil)].added -= 1
    }

    var guardChanges: RowChanges { Self.changes(guards) }
    var factorChanges: RowChanges { Self.changes(factors) }
    var bucketChanges: RowChanges { Self.changes(buckets) }

    private static func changes(_ rows: [RecordID: Row]) -> RowChanges {
        var changes = RowChanges()
        // In the order of their keys, as all batches lock them.
        for (id, row) in rows.sorted(by: { $0.key < $1.key }) where row.new != row.stored {
            switch (row.stored, row.new) {
            case (nil, let new?): changes.insert(id, new)
            case (_?, let new?): changes.update(id, new)
            case (_, nil): changes.delete(id)
            }
        }
        return changes
    }
}
