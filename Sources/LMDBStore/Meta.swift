// What the store knows of itself: its format, its wrapped keys, the canary, where the chain of
// events ends, and how far the log was folded. Opening must refuse whatever does not fit together,
// with a sentence that says why.

import Accounts
import CLMDB
import Secrets
import Store

enum Meta {
    /// The layout of the whole: 2 has a log in front of it, and events in blocks. A store of format
    /// 1 is taken over as it is.
    static let formatVersion: UInt8 = 2
    /// What the records here are sealed as; it did not change with the format.
    private static let recordVersion: UInt8 = 1
    private static let formatKey = Array("format".utf8)
    private static let keysKey = Array("keys".utf8)
    private static let canaryKey = Array("canary".utf8)
    private static let headKey = Array("head".utf8)
    private static let markKey = Array("log".utf8)
    private static let canary = Array("totpd opens what totpd sealed".utf8)

    /// What a store's own records say.
    struct Contents {
        let seal: RecordSeal
        let head: EventHead
        let mark: LogMark
    }

    /// - Parameter hasLog: whether there are frames of a log beside it: then there was a store.
    static func open(
        _ environment: Environment, _ ring: KeyRing, isReadOnly: Bool, hasLog: Bool
    ) throws -> (Tables, Contents) {
        if isReadOnly {
            return try environment.read { transaction in
                let tables: Tables
                do {
                    tables = try Tables(transaction, isCreated: false)
                } catch let fault as LMDBFault where fault.code == MDB_NOTFOUND {
                    throw OpeningRefusal.noStore
                }
                guard let found = try load(transaction, tables, ring) else {
                    throw OpeningRefusal.noStore
                }
                return (tables, found)
            }
        }
        return try environment.write { transaction in
            let tables = try Tables(transaction, isCreated: true)
            if let found = try load(transaction, tables, ring) {
                try upgrade(transaction, tables, found.seal)
                return ((tables, found), isCommitted: true)
            }
            guard !hasLog else {
                throw OpeningRefusal.log("there is a log, and the store it belongs to is gone")
            }
            let seal = try create(transaction, tables, ring)
            let contents = Contents(seal: seal, head: .empty, mark: .none)
            return ((tables, contents), isCommitted: true)
        }
    }

    /// Reads a store's own records, or returns nil when the store is new.
    private static func load(
        _ transaction: borrowing Transaction, _ tables: Tables, _ ring: KeyRing
    ) throws -> Contents? {
        let format = try get(transaction, tables, formatKey)
        guard let format else {
            // A store that has lost its keys must not look like one that never had any.
            let records =
                try transaction.count(tables.factors) + transaction.count(tables.guards)
                + transaction.count(tables.events) + transaction.count(tables.meta)
            guard records == 0 else { throw OpeningRefusal.keysGone }
            return nil
        }
        guard format == [formatVersion] || format == [1] else {
            throw OpeningRefusal.unknownFormat(format.first ?? 0)
        }
        guard let wrapped = try get(transaction, tables, keysKey) else {
            throw OpeningRefusal.keysGone
        }
        let seal: RecordSeal
        do {
            seal = RecordSeal(
                keys: try wrapped.withBytes { bytes throws(WrappingFault) in
                    try DataKeys(unwrapping: bytes, with: ring)
                })
        } catch {
            throw OpeningRefusal.wrapping(error)
        }
        guard try opened(transaction, tables, seal, canaryKey)?.withBytes(Array.init) == canary,
            let head = try head(transaction, tables, seal)
        else { throw OpeningRefusal.canary }
        // A mark belongs to format 2, and to no other.
        let mark = try mark(transaction, tables, seal)
        guard (mark == nil) == (format == [1]) else { throw OpeningRefusal.canary }
        return Contents(seal: seal, head: head, mark: mark ?? .none)
    }

    /// Makes a store of format 1 one of format 2: its records stay as they are.
    private static func upgrade(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws {
        guard try get(transaction, tables, formatKey) != [formatVersion] else { return }
        try put(transaction, tables, formatKey, [formatVersion])
        try putMark(.none, transaction, tables, seal)
    }

    private static func create(
        _ transaction: borrowing Transaction, _ tables: Tables, _ ring: KeyRing
    ) throws(LMDBFault) -> RecordSeal {
        let keys = DataKeys.generate()
        let seal = RecordSeal(keys: keys)
        try put(transaction, tables, formatKey, [formatVersion])
        try put(transaction, tables, keysKey, keys.wrapped(by: ring.current))
        try putSealed(transaction, tables, seal, canaryKey, canary)
        try putHead(.empty, transaction, tables, seal)
        try putMark(.none, transaction, tables, seal)
        return seal
    }

    static func putMark(
        _ mark: LogMark, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws(LMDBFault) {
        var writer = RecordWriter(reserving: 48)
        for frame in [mark.folded, mark.reached] {
            writer.append(frame.sequence)
            writer.append(fixed: frame.tag)
        }
        try putSealed(transaction, tables, seal, markKey, writer.bytes)
    }

    /// How far this snapshot has the log, or nil when that cannot be read.
    static func mark(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> LogMark? {
        guard try get(transaction, tables, markKey) != nil else { return nil }
        guard let mark = try opened(transaction, tables, seal, markKey) else {
            throw OpeningRefusal.canary
        }
        return try mark.withBytes { bytes in
            var reader = RecordReader(bytes)
            let frames = try (0..<2).map { _ in
                LogFrameID(
                    sequence: try reader.read(), tag: try reader.read(fixed: LogFrame.tagBytes))
            }
            let mark = LogMark(folded: frames[0], reached: frames[1])
            try reader.finish()
            return mark
        }
    }

    static func putHead(
        _ head: EventHead, _ transaction: borrowing Transaction, _ tables: Tables,
        _ seal: RecordSeal
    ) throws(LMDBFault) {
        var writer = RecordWriter(reserving: 40)
        writer.append(head.sequence)
        writer.append(fixed: head.hash)
        try putSealed(transaction, tables, seal, headKey, writer.bytes)
    }

    /// The end of the chain as this snapshot has it, or nil when it cannot be read.
    static func head(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal
    ) throws -> EventHead? {
        try opened(transaction, tables, seal, headKey)?.withBytes { try decodeHead($0) }
    }

    private static func decodeHead(_ bytes: UnsafeRawBufferPointer) throws(RecordFault) -> EventHead
    {
        var reader = RecordReader(bytes)
        let head = EventHead(sequence: try reader.read(), hash: try reader.read(fixed: 32))
        try reader.finish()
        return head
    }

    private static func get(
        _ transaction: borrowing Transaction, _ tables: Tables, _ key: [UInt8]
    ) throws -> [UInt8]? {
        try key.withUnsafeBytes { key in
            try transaction.get(tables.meta, key) { bytes in bytes.map { Array($0) } }
        }
    }

    private static func opened(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal,
        _ key: [UInt8]
    ) throws -> SecretBytes? {
        guard let sealed = try get(transaction, tables, key) else { return nil }
        return sealed.withUnsafeBytes { sealed in
            key.withUnsafeBytes { key in
                do {
                    return try seal.open(sealed, version: recordVersion, in: .meta, at: key)
                } catch {
                    return nil
                }
            }
        }
    }

    private static func putSealed(
        _ transaction: borrowing Transaction, _ tables: Tables, _ seal: RecordSeal,
        _ key: [UInt8], _ plain: [UInt8]
    ) throws(LMDBFault) {
        let sealed = plain.withUnsafeBytes { plain in
            key.withUnsafeBytes { seal.seal(plain, version: recordVersion, in: .meta, at: $0) }
        }
        try put(transaction, tables, key, sealed)
    }

    private static func put(
        _ transaction: borrowing Transaction, _ tables: Tables, _ key: [UInt8], _ value: [UInt8]
    ) throws(LMDBFault) {
        try key.withBytes { key throws(LMDBFault) in
            try value.withBytes { value throws(LMDBFault) in
                try transaction.put(tables.meta, key, value)
            }
        }
    }
}
