// One flipped bit in one account's record, or in an event, in the file itself, as a dying disk does
// it.

import Accounts
import DaemonHarness
import Foundation
import LMDBStore
import Secrets
import Store

struct BitRot {
    private let path: String
    private let state: String
    private let keys: String

    /// The daemon must have ended: the store is opened here to learn an account's key.
    init(_ daemon: DaemonProcess) {
        path = daemon.state + "/data.mdb"
        (state, keys) = (daemon.state, daemon.keys)
    }

    /// Flips one bit of the user's records, wherever in the file they are; old copies too.
    func flipOneBit(in user: String, app: AppName = .standard) throws {
        guard let name = AccountName(app: app, user: user) else { throw HarnessFault("no name") }
        let store = try LMDBStore(path: state, ring: KeyFile.read(keys), at: Self.now)
        let id = store.id(of: name)
        store.close()
        let key = Self.bytes(id.high) + Self.bytes(id.low)
        // Past the version and the key's number: in the nonce, or in what is sealed.
        try flip(at: 20, behind: key) { $0 == AccountRecord.pairVersion }
    }

    /// Flips one bit of the block of events that begins with this one.
    func flipOneBit(inEvent sequence: UInt64) throws {
        let store = try LMDBStore(path: state, ring: KeyFile.read(keys), at: Self.now)
        let key = store.keyIDs.records[0].rawValue.bigEndian
        store.close()
        // So short a key is found elsewhere, too, but not with this behind it.
        let header = Data([EventRecord.version]) + withUnsafeBytes(of: key) { Data($0) }
        try flip(at: 20, behind: Self.bytes(sequence) + header) { _ in true }
    }

    private static var now: Instant { Instant(seconds: Int64(time(nil))) }

    private static func bytes(_ number: UInt64) -> Data {
        withUnsafeBytes(of: number.bigEndian) { Data($0) }
    }

    /// Flips a bit so far behind each place in the file where `key` is found with a record behind.
    private func flip(at offset: Int, behind key: Data, _ isRecord: (UInt8) -> Bool) throws {
        var file = try Data(contentsOf: URL(filePath: path))
        var found = 0
        var start = file.startIndex
        while let hit = file.range(of: key, in: start..<file.endIndex) {
            start = hit.upperBound
            guard file.count > start + offset, isRecord(file[start]) else { continue }
            file[start + offset] ^= 0x10
            found += 1
        }
        guard found > 0 else { throw HarnessFault("the record is nowhere in the file") }
        try file.write(to: URL(filePath: path))
    }
}
