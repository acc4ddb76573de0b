// The other way into a store that is closed: its tables and its seal, to look at what lies on the
// disk and to damage it as a failing disk or a thief with a pen would.

import Accounts
import Glibc
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

struct Inside {
    let environment: LMDBEnvironment
    let tables: Tables
    let ring: KeyRing
    let seal: RecordSeal

    /// - Parameter isForged: the state stays as it is, since whoever writes cannot seal it.
    init(path: String, ring: KeyRing, isForged: Bool = false) throws {
        self.ring = ring
        environment = try LMDBEnvironment(path: path, mapBytes: Subject.mapBytes, isReadOnly: false)
        do {
            let (tables, contents) = try Meta.open(
                environment, ring, isReadOnly: false, hasLog: false)
            (self.tables, seal) = (tables, contents.seal)
            guard !isForged else { return }
            let keeper = StateKeeper(tables: tables) { [seal] in seal }
            environment.keeper.withLock { $0 = keeper }
        } catch {
            environment.close()
            throw error
        }
    }

    func close() { environment.close() }

    /// Lends it, and closes it afterwards.
    func closed<Result>(_ body: (Inside) throws -> Result) rethrows -> Result {
        defer { close() }
        return try body(self)
    }

    struct Pair: Equatable {
        let key: [UInt8]
        let value: [UInt8]
    }

    func pairs(_ table: Table) throws -> [Pair] {
        try environment.read { transaction in
            var pairs: [Pair] = []
            try transaction.forEach(tables[table]) { key, value in
                pairs.append(Pair(key: Array(key), value: Array(value)))
            }
            return pairs
        }
    }

    func value(_ table: Table, _ key: [UInt8]) throws -> [UInt8] {
        try #require(try pairs(table).first { $0.key == key }?.value)
    }

    func put(_ table: Table, _ key: [UInt8], _ value: [UInt8]) throws {
        try environment.write { transaction in
            try key.withUnsafeBytes { key in
                try value.withUnsafeBytes { try transaction.put(tables[table], key, $0) }
            }
            return ((), isCommitted: true)
        }
    }

    func delete(_ table: Table, _ key: [UInt8]) throws {
        try environment.write { transaction in
            try key.withUnsafeBytes { try transaction.delete(tables[table], $0) }
            return ((), isCommitted: true)
        }
    }

    /// Changes one bit of a value, counted from its first.
    func flip(bit: Int, _ table: Table, _ key: [UInt8]) throws {
        var bytes = try value(table, key)
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        try put(table, key, bytes)
    }

    func key(of person: Person) -> [UInt8] {
        RecordKey(RecordID(person.name, indexKey: seal.keys.index)).withBytes { Array($0) }
    }

    // MARK: Events

    static func key(ofEvent sequence: UInt64) -> [UInt8] {
        withUnsafeBytes(of: sequence.bigEndian) { Array($0) }
    }

    /// The block that begins with this event.
    func eventBlock(_ sequence: UInt64) throws -> EventBlock {
        let key = Self.key(ofEvent: sequence)
        return try eventBlock(Pair(key: key, value: value(.events, key)))
    }

    func eventBlocks() throws -> [EventBlock] {
        try pairs(.events).map(eventBlock)
    }

    private func eventBlock(_ pair: Pair) throws -> EventBlock {
        let version = try #require(pair.value.first)
        let plain = try pair.value.withUnsafeBytes { sealed in
            try pair.key.withUnsafeBytes {
                try seal.open(sealed, version: version, in: .events, at: $0)
            }
        }
        return try plain.withBytes { try EventRecord.decode($0, version: version) }
    }

    /// Seals any events at any place, as only someone with all the keys could.
    func forge(_ block: EventBlock, at sequence: UInt64) throws {
        let key = Self.key(ofEvent: sequence)
        let sealed = block.bytes.withUnsafeBytes { plain in
            key.withUnsafeBytes {
                seal.seal(plain, version: EventRecord.version, in: .events, at: $0)
            }
        }
        try put(.events, key, sealed)
    }
}
