// The databases of a store, once they are open.

import CLMDB

struct Tables: Sendable {
    let factors: Database
    let guards: Database
    let events: Database
    let meta: Database
    /// LMDB's own, where the others are named.
    let main: Database
    /// Nil where a store that has none yet is only looked at.
    private let foundLimits: Database?
    private let foundApps: Database?

    /// Of a store that is written to.
    var limits: Database { Self.made(foundLimits) }
    var apps: Database { Self.made(foundApps) }

    private static func made(_ found: Database?) -> Database {
        guard let found else { preconditionFailure("a writer makes every table") }
        return found
    }

    /// Whether the store has a table: one of an older version lacks some.
    func has(_ table: Table) -> Bool {
        switch table {
        case .factors, .guards, .events, .meta: return true
        case .limits: return foundLimits != nil
        case .apps: return foundApps != nil
        }
    }

    /// Of accounts, events, limits, apps, and of the store itself.
    var all: [Database] { Table.allCases.filter(has).map { self[$0] } }

    subscript(table: Table) -> Database {
        switch table {
        case .factors: return factors
        case .guards: return guards
        case .events: return events
        case .meta: return meta
        case .limits: return limits
        case .apps: return apps
        }
    }

    init(_ transaction: borrowing Transaction, isCreated: Bool) throws(LMDBFault) {
        factors = try transaction.open(.factors, isCreated: isCreated)
        guards = try transaction.open(.guards, isCreated: isCreated)
        events = try transaction.open(.events, isCreated: isCreated)
        meta = try transaction.open(.meta, isCreated: isCreated)
        main = try transaction.openMain()
        foundLimits = try Self.find(.limits, transaction, isCreated: isCreated)
        foundApps = try Self.find(.apps, transaction, isCreated: isCreated)
    }

    private static func find(
        _ table: Table, _ transaction: borrowing Transaction, isCreated: Bool
    ) throws(LMDBFault) -> Database? {
        do {
            return try transaction.open(table, isCreated: isCreated)
        } catch  where !isCreated && error.code == MDB_NOTFOUND {
            return nil
        }
    }
}
