// Writes a store into a new directory: compact, closed, without a log. A half-written one does not
// open.

import Accounts
import CLMDB
import Secrets
import Store

/// A store that is being written, record after record in the order of their keys.
final class StoreWriter {
    /// What one transaction writes: its pages stay in memory until it ends.
    private static let bytesPerCommit = 8 << 20

    let environment: LMDBEnvironment
    let tables: Tables
    private var waiting: [Item] = []
    private var waitingBytes = 0

    private struct Item {
        let table: Table
        let key: [UInt8]
        let value: Value
    }

    enum Value {
        /// Of a snapshot that is open as long as this is.
        case lent(UnsafeRawBufferPointer)
        case own([UInt8])

        var count: Int {
            switch self {
            case .lent(let bytes): return bytes.count
            case .own(let bytes): return bytes.count
            }
        }

        func withBytes<Result, Failure: Error>(
            _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            switch self {
            case .lent(let bytes): return try body(bytes)
            case .own(let bytes): return try bytes.withBytes(body)
            }
        }
    }

    /// What the copy of a store may take: its pages may be emptier than those it is copied from,
    /// as what is replaced is there twice until it is used again. Little address space for a small
    /// store, because some processes have little: a kernel for 39 bits of it gives 512 GiB.
    static func mapBytes(for view: StoreView, in environment: LMDBEnvironment) throws -> Int {
        let logBytes = view.laps.reduce(0) { $0 + $1.bytes.count }
        return 4 * (try environment.usedBytes() + logBytes) + (64 << 20)
    }

    /// - Parameter directory: an empty one.
    init(directory: String, mapBytes: Int, seal: RecordSeal) throws {
        let environment = try LMDBEnvironment(
            path: directory, mapBytes: mapBytes, isReadOnly: false)
        self.environment = environment
        do {
            tables = try environment.write { transaction in
                let tables = try Tables(transaction, isCreated: true)
                try Meta.bind(.empty, transaction, tables, seal)
                return (tables, isCommitted: true)
            }
            let keeper = StateKeeper(tables: tables) { seal }
            environment.keeper.withLock { $0 = keeper }
        } catch {
            environment.close()
            throw error
        }
    }

    func close() { environment.close() }

    func append(_ table: Table, _ key: UnsafeRawBufferPointer, _ value: Value) throws {
        waiting.append(Item(table: table, key: Array(key), value: value))
        waitingBytes += value.count
        if waitingBytes >= Self.bytesPerCommit { try commit() }
    }

    /// Writes the store's own records; only then does it open.
    func finish(_ contents: Meta.Contents, wrappedBy master: MasterKey) throws {
        try commit()
        try environment.write { transaction in
            try Meta.put(contents, master, transaction, tables)
            return ((), isCommitted: true)
        }
        try environment.fillUp()
        try environment.synchronize()
    }

    private func commit() throws {
        guard !waiting.isEmpty else { return }
        try environment.write { transaction in
            for item in waiting {
                try item.key.withBytes { key in
                    try item.value.withBytes { value in
                        try transaction.append(tables[item.table], key, value)
                    }
                }
            }
            return ((), isCommitted: true)
        }
        waiting.removeAll(keepingCapacity: true)
        waitingBytes = 0
    }
}
