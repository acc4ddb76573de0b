// What old code wrote, in Tests/Fixtures, and how it was written. A fixture is never written again:
// a change of format adds one, beside those that must stay readable.

import Accounts
import Foundation
import LMDBStore
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

/// Small stores of each format, with an account of every shape.
enum StoreFixture {
    static let store = Fixtures.folder.appending(path: "store-1")
    /// From format 2 on, as a crash left them: all but the first batch is in the log alone.
    static let crashedStores = ["2", "3", "4", "8-first", "8-last", "15"]
        .map { Fixtures.folder.appending(path: "store-\($0)") }
    static let newestStore = crashedStores[crashedStores.count - 1]
    static let logSize = LogSize(bytesMin: 32 << 10, bytesMax: 32 << 10, accountsMax: 1000)

    /// A key that guards nothing but the fixture.
    static let masterKey = MasterKey(
        id: KeyID(rawValue: 0x7e57_0001), key: SecretBytes((0..<32).map { UInt8($0) }))

    /// A copy that may be opened, and its keys.
    static func copied(
        _ source: URL, into directory: TemporaryDirectory, as name: String
    ) throws -> (path: String, ring: KeyRing) {
        let keys = directory.path(of: "master.keys")
        let manager = FileManager.default
        try manager.copyItem(atPath: source.path + "/master.keys", toPath: keys)
        try #require(chmod(keys, 0o600) == 0)
        // What git keeps of a mode is not enough for a state directory.
        let state = directory.path(of: name)
        try #require(mkdir(state, 0o700) == 0)
        for name in ["data.mdb", "log.0", "log.1"] {
            guard manager.fileExists(atPath: source.path + "/" + name) else { continue }
            try manager.copyItem(
                atPath: source.path + "/" + name, toPath: state + "/" + name)
            try #require(chmod(state + "/" + name, 0o600) == 0)
        }
        return (state, try KeyFile.read(keys))
    }

    /// The requests that made it, each in a batch of its own but for the first.
    static func batches() throws -> [[Request]] {
        let shapes = try RecordShape.ofVersion1().map { Become(account: $0.account).request }
        let nobody = try Person("nobody")
        return [shapes, [nobody.verify(at: Clock.after(1))], [nobody.reset(at: Clock.after(2))]]
    }

    /// What its events say, oldest first.
    static func events() throws -> [String] {
        let imports = try RecordShape.ofVersion1().map { shape in
            let account = shape.account
            let alert = account.guard.totp.isLocked ? " locked" : ""
            return "\(account.name.app) \(account.name.user) import ok\(alert)"
        }
        return imports + [
            "shop nobody verify not_enrolled", "shop nobody reset not_enrolled lost phone",
        ]
    }

    static func text(of event: Event) -> String {
        let texts = [event.app, event.user, event.label.op, event.result]
        let others = [event.alert?.rawValue, event.label.reason].compactMap { $0 }
        return (texts + others).joined(separator: " ")
    }
}
