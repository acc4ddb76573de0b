// Numbers of accounts that are damaged, wrong or missing: a check tells of them, and the next start
// counts again. No app gets more accounts than it may have by that.

import Accounts
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("Numbers of accounts that are damaged")
struct DamagedCountTests {
    /// Three accounts of one app and one of another, closed.
    private static func closed() throws -> Subject {
        let subject = try Subject(.lmdb)
        for user in ["ada", "bob", "cy"] { try subject.ask(Person(user).bring(at: Clock.start)) }
        try subject.ask(Person("ada", app: "blog").bring(at: Clock.start))
        subject.close()
        return subject
    }

    private static let counts = ["blog 1", "shop 3"]

    private static func check(_ subject: Subject) throws -> [String] {
        let reader = try LMDBStoreReader(path: subject.path, ring: subject.ring)
        defer { reader.close() }
        return try reader.check().problems
    }

    private static func key(_ inside: Inside, _ app: String) throws -> [UInt8] {
        let name = try #require(AppName(app))
        let id = RecordID(app: name, indexKey: inside.seal.keys.preparedIndex)
        return RecordKey(id).withBytes { Array($0) }
    }

    /// Seals any number, as only someone with all the keys could, or a page of yesterday.
    private static func forge(_ inside: Inside, _ app: String, _ accounts: Int) throws {
        let key = try key(inside, app)
        let count = AccountCount(name: try #require(AppName(app)), accounts: accounts)
        let plain = try #require(AccountCountRecord.encode(count))
        try inside.put(
            .apps, key,
            key.withUnsafeBytes { key in
                plain.withBytes {
                    inside.seal.seal($0, version: AccountCountRecord.version, in: .apps, at: key)
                }
            })
    }

    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let inflict: @Sendable (Inside) throws -> Void

        init(_ text: String, _ inflict: @escaping @Sendable (Inside) throws -> Void) {
            (testDescription, self.inflict) = (text, inflict)
        }
    }

    static let damages = [
        Damage("a bit") { try $0.flip(bit: 300, .apps, key($0, "shop")) },
        Damage("another version") { try $0.flip(bit: 1, .apps, key($0, "shop")) },
        Damage("gone") { try $0.delete(.apps, key($0, "shop")) },
        Damage("one too many") { try forge($0, "shop", 4) },
        Damage("one too few") { try forge($0, "shop", 2) },
        Damage("of another place") { inside in
            try inside.put(.apps, key(inside, "blog"), inside.value(.apps, key(inside, "shop")))
        },
        Damage("an app that is none") { try forge($0, "ghost", 1) },
        Damage("a key that is none") { try $0.put(.apps, [1, 2, 3], [1]) },
    ]

    @Test("are found by a check, and counted again by the next start", arguments: damages)
    func isMended(_ damage: Damage) throws {
        let subject = try Self.closed()
        try subject.inside { try damage.inflict($0) }
        try #expect(!Self.check(subject).isEmpty)
        try subject.open()
        let counted = AccountCountRepair(accounts: 4, apps: 2, unreadable: 0)
        try #expect(subject.engineStore.counting == counted)
        try #expect(subject.counts() == Self.counts)
        try #expect(
            subject.ask(Person("di").enroll().among(3), Person("ada").enroll().among(3))
                == ["too_many_accounts", "code_required"])
        try subject.expectSound()
        try subject.reopen()
        try #expect(subject.engineStore.counting == nil && subject.counts() == Self.counts)
        try subject.expectSound()
        subject.close()
    }

    @Test("are found by a check also when their sum is right")
    func sum() throws {
        let subject = try Self.closed()
        let keys = try subject.inside { inside in
            try Self.forge(inside, "shop", 2)
            try Self.forge(inside, "blog", 2)
            return try ["blog", "shop"].map { Hex.encode(try Self.key(inside, $0)) }
        }
        let problems = try Self.check(subject)
        #expect(
            Set(problems) == [
                "app \(keys[0]): it has 1 accounts, and its record says 2",
                "app \(keys[1]): it has 3 accounts, and its record says 2",
            ])
    }

    @Test("in a log that a crash left are counted again once it is folded")
    func crashed() throws {
        let logged = try LoggedStore(sectors: 400)
        let image = try logged.unfolded {
            for _ in 0..<20 { try logged.admit() }
            return try logged.image()
        }
        logged.store.close()
        let old = try image.copy()
        try image.expect(people: 20)

        // As if nobody had ever counted; what the log has of it must not come back.
        try old.put(format: 3)
        let store = try old.open()
        #expect(store.counting == AccountCountRepair(accounts: 20, apps: 1, unreadable: 0))
        #expect(store.close() == nil)
        try old.expect(people: 20)
    }

    @Test("leave out accounts that do not open, and are right again after their reset")
    func unreadable() throws {
        let subject = try Self.closed()
        let bob = try Person("bob")
        try subject.inside { inside in
            try inside.flip(bit: 333, .factors, inside.key(of: bob))
            // Such an account alone explains one more.
            try Self.forge(inside, "shop", 3)
        }
        try #expect(Self.check(subject).count == 1)
        try subject.inside { try $0.delete(.apps, Self.key($0, "blog")) }
        try subject.open()
        let counted = AccountCountRepair(accounts: 3, apps: 2, unreadable: 1)
        try #expect(subject.engineStore.counting == counted)
        try #expect(subject.counts() == ["blog 1", "shop 2"])
        try subject.ask(bob.reset(at: Clock.start))
        try subject.reopen()
        try #expect(subject.counts() == ["blog 1", "shop 2"])
        try subject.expectSound()
        subject.close()
    }

    @Test("of a copy are those of the store, and a copy of an older version is counted")
    func copies() throws {
        let subject = try Self.closed()
        try subject.open()
        let copies = try Copies(ring: subject.ring)
        try subject.ask(Person("di").bring(at: Clock.start))
        for name in ["new", "old"] { try copies.make(name, of: subject.engineStore) }
        subject.close()
        let old = try Inside(path: copies.path("old"), ring: subject.ring)
        try old.put(.meta, Array("format".utf8), [3])
        for pair in try old.pairs(.apps) { try old.delete(.apps, pair.key) }
        old.close()
        for (second, (name, isCounted)) in [("new", false), ("old", true)].enumerated() {
            _ = try Restore(
                of: copies.path(name), into: subject.path, ring: subject.ring,
                at: Clock.after(Int64(second)),
                by: Request.peer, voidsBackupCodes: true
            ).run(Job("restore"))
            try subject.open()
            try #expect((subject.engineStore.counting != nil) == isCounted, "\(name)")
            try #expect(subject.counts() == ["blog 1", "shop 4"])
            try subject.expectSound()
            subject.close()
        }
    }

    @Test("are right also where there is no room for them, and counted by the next start as well")
    func full() throws {
        let subject = try Subject(.lmdb, mapBytes: 1 << 20)
        var kept = 0
        var fault: StoreFault?
        while fault == nil {
            do {
                try subject.ask(Person("filler \(kept)").enroll())
                kept += 1
            } catch let full as StoreFault {
                fault = full
            }
            try #require(kept < 10_000, "the store never fills")
        }
        try subject.inside { try $0.put(.meta, Array("format".utf8), [3]) }
        let counted = AccountCountRepair(accounts: kept, apps: 1, unreadable: 0)
        for _ in 0..<2 {
            try subject.open(mapBytes: 1 << 20)
            try #expect(subject.engineStore.counting == counted)
            try #expect(subject.counts() == ["shop \(kept)"])
            subject.close()
        }
        try subject.open()
        try #expect(
            subject.ask(Person("one more").enroll().among(kept)) == ["too_many_accounts"])
        try subject.expectSound()
        subject.close()
    }

    @Test("go on under a new record key")
    func rotated() throws {
        let subject = try Self.closed()
        try subject.open()
        let store = try subject.engineStore
        _ = try store.rotateRecordKey()
        try subject.ask(Person("di").bring(at: Clock.start))
        try #expect(subject.counts() == ["blog 1", "shop 4"])
        try subject.ask(Person("di").reset(at: Clock.start))
        try #expect(subject.counts() == Self.counts)
        try subject.reopen()
        try #expect(subject.engineStore.counting == nil && subject.counts() == Self.counts)
        try subject.expectSound()
        subject.close()
    }
}

extension CrashImage {
    fileprivate func put(format: UInt8) throws {
        let inside = try Inside(path: path, ring: ring)
        defer { inside.close() }
        try inside.put(.meta, Array("format".utf8), [format])
    }
}
