// What the store knows about itself: its format, its wrapped keys, the canary, and the records of
// Meta+Records.swift. If they do not fit together, opening fails with a sentence that says why.

import Accounts
import CLMDB
import Secrets
import Store

enum Meta {
    /// The layout of the whole: 2 has a log in front of it, and events in blocks; 3 may have lost
    /// its oldest events, several record keys, and a moment up to which steps are used; 4 knows how
    /// many accounts each app has; 5 has a moment of its own for what a broken frame of the log
    /// made it forget, or may be a copy; 6 has an empty sector behind the last frame of its log; 8
    /// has records of names alone (the last that wrote 6 made some as well), and others that 6 does
    /// not read; 15 has guards that know their factor; 16 has a state record, which binds all
    /// others. A store of an older format is taken over as it is.
    ///
    /// No store has a format between those: one bit would make an older one of it, and nothing
    /// would notice. Of 8, 15 and 16 each differs from every other one in two bits at least.
    static let formatVersion: UInt8 = 16
    private static let formats = Set<UInt8>(1...6).union([8, 15, formatVersion])
    private static let stateFormat: UInt8 = 16
    /// Of a store whose accounts are still to be counted.
    private static let uncountedFormat: UInt8 = 3
    static let formatKey = Array("format".utf8)
    static let keysKey = Array("keys".utf8)
    private static let oldCanary = Array("totpd opens what totpd sealed".utf8)
    /// Of a store that has a state record, whatever its format says: neither is without the other.
    private static let canary = Array("totpd opens what totpd sealed, as one".utf8)

    /// What a store's own records say.
    struct Contents {
        let seal: RecordSeal
        /// The master key that wraps the data keys.
        let master: KeyID
        var head: EventHead
        var mark: LogMark
        /// Where the chain of events begins: at the last event that is kept no more.
        let tail: EventHead
        /// What was forgotten by a restore, or with the last frame of the log.
        var usedBefore: UsedBefore
        /// How far the change of record keys has come; nil when none is under way.
        let rotation: RotationProgress?
        /// Whether it was written by a backup, and not restored since: nobody may serve from it.
        var isCopy: Bool
        /// Whether the numbers of accounts by app are there: what older versions wrote has none.
        let isCounted: Bool
        /// Whether there is an empty sector behind the last frame of its log: older versions wrote
        /// none.
        let isLogEndEmpty: Bool
        /// Nil in what older versions wrote.
        var state: StoreState?
        var epoch: Epoch?
    }

    /// - Parameter hasLog: whether there are frames of a log beside it: then there was a store.
    static func open(
        _ environment: LMDBEnvironment, _ ring: KeyRing, isReadOnly: Bool, hasLog: Bool
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
                try upgrade(found, transaction, tables)
                return ((tables, found), isCommitted: true)
            }
            guard !hasLog else {
                throw OpeningRefusal.log("there is a log, and the store it belongs to is gone")
            }
            return ((tables, try create(transaction, tables, ring)), isCommitted: true)
        }
    }

    /// Reads a store's own records, or returns nil when the store is new.
    static func load(
        _ transaction: borrowing Transaction, _ tables: Tables, _ ring: KeyRing
    ) throws -> Contents? {
        guard let format = try get(transaction, tables, formatKey) else {
            // A store that has lost its keys must not look like one that never had any.
            let records = try tables.all.reduce(0) { try $0 + transaction.count($1) }
            guard records == 0 else { throw OpeningRefusal.keysGone }
            return nil
        }
        guard let number = format.first, format.count == 1, formats.contains(number)
        else { throw OpeningRefusal.unknownFormat(format.first ?? 0) }
        let (keys, master) = try keys(transaction, tables, ring)
        let seal = RecordSeal(keys: keys)
        let word = try opened(.canary, transaction, tables, seal)?.withBytes(Array.init)
        guard word == canary || word == oldCanary, let head = try head(transaction, tables, seal)
        else { throw OpeningRefusal.canary }
        let state = try boundState(
            transaction, tables, seal, isExpected: word == canary || number >= stateFormat)
        // LMDB would make one anew whose name is another by damage.
        guard number <= uncountedFormat || transaction.trees.hasAllTables else {
            throw OpeningRefusal.tableGone
        }
        // A mark belongs to format 2 and above, the steps that are used to 5, the others to 3: none
        // of them may be lost. What is to be counted yet may have come from any.
        let mark = try mark(transaction, tables, seal)
        let tail = try tail(transaction, tables, seal)
        let restoredAt = try restoredAt(transaction, tables, seal)
        let usedSteps = try usedSteps(transaction, tables, seal)
        let rotation = try rotation(transaction, tables, seal)
        guard (mark != nil) == (number >= 2), (tail != nil) == (number >= 3),
            (restoredAt != nil) == (number >= 3),
            (usedSteps != nil) == (number >= 5) || number == uncountedFormat,
            (rotation != nil) == keys.hasOlderRecordKeys
        else { throw OpeningRefusal.canary }
        return Contents(
            seal: seal, master: master, head: head, mark: mark ?? .none, tail: tail ?? .empty,
            usedBefore: UsedBefore(
                restoredAt: restoredAt ?? .distantPast, steps: usedSteps ?? .distantPast,
                attempts: try usedAttempts(transaction, tables, seal) ?? .distantPast),
            rotation: rotation, isCopy: try isCopy(transaction, tables, seal),
            isCounted: number > uncountedFormat, isLogEndEmpty: number >= 6, state: state,
            epoch: try epoch(transaction, tables, seal))
    }

    /// The data keys, and the master key that wraps them.
    static func keys(
        _ transaction: borrowing Transaction, _ tables: Tables, _ ring: KeyRing
    ) throws -> (DataKeys, KeyID) {
        guard let wrapped = try get(transaction, tables, keysKey) else {
            throw OpeningRefusal.keysGone
        }
        do {
            return try wrapped.withBytes { bytes throws(WrappingFault) in
                guard let master = DataKeys.masterKeyID(of: bytes) else { throw .unknownFormat }
                return (try DataKeys(unwrapping: bytes, with: ring), master)
            }
        } catch {
            throw OpeningRefusal.wrapping(error)
        }
    }

    /// Keeps the data keys, wrapped by a master key.
    static func putKeys(
        _ keys: DataKeys, _ master: MasterKey, _ transaction: borrowing Transaction,
        _ tables: Tables
    ) throws(LMDBFault) {
        try put(transaction, tables, keysKey, keys.wrapped(by: master))
    }

    /// Makes a store of an older format one of this, but for the numbers of accounts: its records
    /// stay as they are. Without those it is called one of format 3 until they are there.
    private static func upgrade(
        _ found: Contents, _ transaction: borrowing Transaction, _ tables: Tables
    ) throws {
        let seal = found.seal
        let format = try get(transaction, tables, formatKey)
        guard let number = format?.first, number < formatVersion else { return }
        let isCounted = number > uncountedFormat
        try put(transaction, tables, formatKey, [isCounted ? formatVersion : uncountedFormat])
        if number < 2 { try putMark(.none, transaction, tables, seal) }
        if number < 3 { try putTail(.empty, transaction, tables, seal) }
        try putUsedBefore(found.usedBefore, transaction, tables, seal)
        try putSealed(.canary, canary, transaction, tables, seal)
        let records = try found.state?.records ?? hashOfRecords(transaction, tables, seal)
        try bind(records, transaction, tables, seal)
    }

    /// From here on the numbers of accounts are there, and an older version does not take the store
    /// any more: it would change them unknowingly.
    static func putCounted(
        _ transaction: borrowing Transaction, _ tables: Tables
    ) throws(LMDBFault) {
        try put(transaction, tables, formatKey, [formatVersion])
    }

    private static func create(
        _ transaction: borrowing Transaction, _ tables: Tables, _ ring: KeyRing
    ) throws(LMDBFault) -> Contents {
        let seal = RecordSeal(keys: .generate())
        let contents = Contents(
            seal: seal, master: ring.current.id, head: .empty, mark: .none, tail: .empty,
            usedBefore: .never, rotation: nil, isCopy: false, isCounted: true,
            isLogEndEmpty: true)
        try put(contents, ring.current, transaction, tables)
        try bind(.empty, transaction, tables, seal)
        return contents
    }

    /// Writes all of a store's own records anew.
    static func put(
        _ contents: Contents, _ master: MasterKey, _ transaction: borrowing Transaction,
        _ tables: Tables
    ) throws(LMDBFault) {
        let seal = contents.seal
        let format = contents.isCounted ? formatVersion : uncountedFormat
        try put(transaction, tables, formatKey, [format])
        try putKeys(seal.keys, master, transaction, tables)
        try putSealed(.canary, canary, transaction, tables, seal)
        try putHead(contents.head, transaction, tables, seal)
        try putMark(contents.mark, transaction, tables, seal)
        try putTail(contents.tail, transaction, tables, seal)
        try putUsedBefore(contents.usedBefore, transaction, tables, seal)
        if let rotation = contents.rotation {
            try putRotation(rotation, transaction, tables, seal)
        }
        if contents.isCopy { try putIsCopy(transaction, tables, seal) }
        if let epoch = contents.epoch { try putEpoch(epoch, transaction, tables, seal) }
    }

    static func get(
        _ transaction: borrowing Transaction, _ tables: Tables, _ key: [UInt8]
    ) throws(LMDBFault) -> [UInt8]? {
        try key.withBytes { key throws(LMDBFault) in
            try transaction.find(tables.meta, key).map { Array($0) }
        }
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
