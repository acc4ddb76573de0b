// A state directory and the environment in it, opened and found to belong together. It must never
// give out a store whose keys or format are not known.

import CLMDB
import Glibc
import Secrets
import Store

struct StoreFiles {
    let directory: StateDirectory
    let environment: Environment
    let tables: Tables
    let contents: Meta.Contents

    init(
        path: String, ring: KeyRing, mapBytes: Int, isReadOnly: Bool
    ) throws(OpeningRefusal) {
        do {
            directory = try StateDirectory(path: path, isExclusive: !isReadOnly)
        } catch {
            throw .directory(path, error)
        }
        do {
            environment = try Environment(
                path: path, mapBytes: mapBytes, isReadOnly: isReadOnly)
        } catch {
            throw isReadOnly && error.code == ENOENT ? .noStore : .engine(error.text)
        }
        do {
            let hasLog = try LogSegment.paths(in: path).contains { path throws(LogFault) in
                try LogSegment.holdsFrames(path)
            }
            (tables, contents) = try Meta.open(
                environment, ring, isReadOnly: isReadOnly, hasLog: hasLog)
        } catch {
            environment.close()
            throw OpeningRefusal(error, path: path)
        }
    }

    /// Refuses a store that has events behind the end of their chain: the next ones would have no
    /// place.
    func refuseEvents(after head: EventHead) throws {
        let last = try environment.read { transaction in
            try transaction.lastKey(tables.events) { $0.map(EventPlaces.sequence) }
        }
        if let last, last > head.sequence { throw OpeningRefusal.eventsBehindEnd }
    }
}

/// The open databases.
struct Tables: Sendable {
    let factors: Database
    let guards: Database
    let events: Database
    let meta: Database
    /// LMDB's own, where the others are named.
    let main: Database
    /// Nil where a store that has none yet is only looked at.
    private let foundLimits: Database?

    /// Of a store that is written to.
    var limits: Database {
        guard let foundLimits else { preconditionFailure("a writer makes every table") }
        return foundLimits
    }

    var hasLimits: Bool { foundLimits != nil }

    /// Of accounts, events, limits, and of the store itself.
    var all: [Database] {
        Table.allCases.filter { $0 != .limits || hasLimits }.map { self[$0] }
    }

    subscript(table: Table) -> Database {
        switch table {
        case .factors: return factors
        case .guards: return guards
        case .events: return events
        case .meta: return meta
        case .limits: return limits
        }
    }

    init(_ transaction: borrowing Transaction, isCreated: Bool) throws(LMDBFault) {
        factors = try transaction.open(Table.factors.name, isCreated: isCreated)
        guards = try transaction.open(Table.guards.name, isCreated: isCreated)
        events = try transaction.open(Table.events.name, isCreated: isCreated)
        meta = try transaction.open(Table.meta.name, isCreated: isCreated)
        main = try transaction.openMain()
        do {
            foundLimits = try transaction.open(Table.limits.name, isCreated: isCreated)
        } catch  where !isCreated && error.code == MDB_NOTFOUND {
            foundLimits = nil
        }
    }
}
