// One flipped bit in one account's record, in the file itself, as a dying disk does it.

import Accounts
import DaemonHarness
import Foundation
import LMDBStore
import Secrets
import Store

struct Damage {
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
        let store = try LMDBStore(path: state, ring: KeyFile.read(keys))
        let id = store.id(of: name)
        store.close()
        let key = Data(
            [id.high, id.low].flatMap { number in
                (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
            })
        var file = try Data(contentsOf: URL(filePath: path))
        var found = 0
        var start = file.startIndex
        while let hit = file.range(of: key, in: start..<file.endIndex) {
            start = hit.upperBound
            // Past the version and the key's number: in the nonce, or in what is sealed.
            guard file.count > start + 24, file[start] == AccountRecord.version else { continue }
            file[start + 20] ^= 0x10
            found += 1
        }
        guard found > 0 else { throw HarnessFault("the record is nowhere in the file") }
        try file.write(to: URL(filePath: path))
    }
}
