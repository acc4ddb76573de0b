// Somebody who writes to the state directory while the daemon is away, with LMDB and without any
// key: keeps records, and puts them back later.

import DaemonHarness

@testable import LMDBStore

struct StateEditor {
    typealias Records = [Table: [[UInt8]: [UInt8]]]

    private let path: String

    /// The daemon must have ended.
    init(_ daemon: DaemonProcess) { path = daemon.state }

    private func write<Result>(
        _ body: (borrowing Transaction, Tables) throws -> Result
    ) throws -> Result {
        let environment = try LMDBEnvironment(
            path: path, mapBytes: LMDBStore.mapBytes, isReadOnly: false)
        defer { environment.close() }
        return try environment.write { transaction in
            let tables = try Tables(transaction, isCreated: true)
            return (try body(transaction, tables), isCommitted: true)
        }
    }

    /// All that there is.
    func records() throws -> Records {
        try write { transaction, tables in
            var found: Records = [:]
            for table in Table.allCases {
                try transaction.forEach(tables[table]) { key, value in
                    found[table, default: [:]][Array(key)] = Array(value)
                }
            }
            return found
        }
    }

    /// Makes tables what they were.
    func putBack(_ old: Records, _ which: [Table]) throws {
        let new = try records()
        try write { transaction, tables in
            for table in which {
                for key in Set((old[table] ?? [:]).keys).union((new[table] ?? [:]).keys) {
                    try put(table, key, old[table]?[key], transaction, tables)
                }
            }
        }
    }

    /// - Parameter value: nil to remove it.
    func put(_ table: Table, _ key: [UInt8], _ value: [UInt8]?) throws {
        try write { try put(table, key, value, $0, $1) }
    }

    private func put(
        _ table: Table, _ key: [UInt8], _ value: [UInt8]?, _ transaction: borrowing Transaction,
        _ tables: Tables
    ) throws {
        try key.withUnsafeBytes { key in
            guard let value else { return try transaction.delete(tables[table], key) }
            try value.withUnsafeBytes { try transaction.put(tables[table], key, $0) }
        }
    }
}
