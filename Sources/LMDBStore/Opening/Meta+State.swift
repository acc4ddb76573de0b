// The state record: how it is kept, and what it is made of. See `StoreState`.

import Accounts
import Secrets
import Store

extension Meta {
    /// The state, when the store's own records are those it binds. Throws `OpeningRefusal.mixed`
    /// when they are not, or when there is none where one is expected.
    static func boundState(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal,
        isExpected: Bool
    ) throws -> StoreState? {
        let state = try state(transaction, tables, seal)
        guard (state != nil) == isExpected else { throw OpeningRefusal.mixed }
        if let state, try state.parts != hashOfParts(transaction, tables) {
            throw OpeningRefusal.mixed
        }
        return state
    }

    static func state(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> StoreState? {
        try read(.state, transaction, tables, seal) { reader throws(RecordFault) in
            let records = try reader.read(fixed: SetHash.bytes)
            return StoreState(
                records: records.withUnsafeBytes { SetHash($0) },
                parts: try reader.read(fixed: SHA256.digestBytes))
        }
    }

    /// Keeps the state; the last thing that a transaction writes.
    static func bind(
        _ records: SetHash, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws(LMDBFault) {
        var writer = RecordWriter(reserving: SetHash.bytes + SHA256.digestBytes)
        writer.append(fixed: records.withBytes(Array.init))
        writer.append(fixed: try hashOfParts(transaction, tables))
        try putSealed(.state, writer.bytes, transaction, tables, seal)
    }

    /// SHA-256 of each of the store's own records that is there, but for the state: the length of
    /// its key, the key, the length of what it says, and that. On disk: their order, that of
    /// `Record` behind format and keys, stays.
    private static func hashOfParts(
        _ transaction: borrowing Transaction, _ tables: Tables
    ) throws(LMDBFault) -> [UInt8] {
        var writer = RecordWriter(reserving: 1024)
        for key in [formatKey, keysKey] + Record.allCases.filter({ $0 != .state }).map(\.key) {
            guard let value = try get(transaction, tables, key) else { continue }
            for bytes in [key, value] {
                writer.append(UInt32(bytes.count))
                writer.append(fixed: bytes)
            }
        }
        return writer.bytes.withBytes { SHA256.hash($0) }
    }

    // MARK: Records of other tables

    /// The hash of all records of accounts, limits and apps, as far as their pages can be read.
    static func hashOfRecords(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> SetHash {
        var scan = RecordSetScan(seal: seal, job: Job("records"))
        try scan.run(transaction, tables)
        return scan.hash
    }
}
