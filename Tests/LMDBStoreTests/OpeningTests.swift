// When a store does not open: a wrong key, a damaged record of its own, a directory that is not
// ours alone, or another daemon in it. Each refusal is a sentence that an operator can act on.

import Accounts
import Foundation
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A store's opening")
struct OpeningTests {
    private func refusal(_ path: String, _ ring: KeyRing) -> String {
        OpeningRefusal.sentence(of: path, ring)
    }

    /// A store with an account in it, closed.
    private func closedStore() throws -> (Subject, Person) {
        let ada = try Person("ada")
        let subject = try Subject(.lmdb)
        try subject.ask(ada.enroll(), ada.confirm())
        subject.close()
        return (subject, ada)
    }

    @Test("refuses another master key, and takes any ring that holds the right one")
    func wrongKey() throws {
        let (subject, ada) = try closedStore()
        let right = subject.ring.current
        let other = MasterKey.generate()
        let alike = MasterKey(id: right.id, key: other.key)
        #expect(
            refusal(subject.path, KeyRing(current: other))
                == "the store is sealed under master key \(right.id), which is not in the key file")
        #expect(
            refusal(subject.path, KeyRing(current: alike))
                == "master key \(right.id) does not open this store: it is the wrong key, or the "
                + "store's key record is damaged")
        let renamed = MasterKey(id: other.id, key: right.key)
        #expect(refusal(subject.path, KeyRing(current: renamed)) != "none")
        #expect(refusal(subject.path, KeyRing(current: other, older: [right])) == "none")
        try subject.open()
        try #expect(subject.ask(ada.verify(at: Clock.start)) == ["replayed"])
        subject.close()
    }

    @Test(
        "refuses a store that lost a record of its own",
        arguments: ["format", "keys", "canary", "head", "log", "tail", "used", "steps"])
    func missing(_ name: String) throws {
        let (subject, _) = try closedStore()
        let before = try subject.inside { inside in
            try inside.delete(.meta, Array(name.utf8))
            return try inside.pairs(.guards)
        }
        let sentence = refusal(subject.path, subject.ring)
        #expect(sentence.contains("store's"), "\(sentence)")
        // And does not make a new one in its place.
        #expect(refusal(subject.path, subject.ring) == sentence)
        #expect(before.count == 1)
    }

    @Test("refuses a store that lost all records of its own, but not its accounts")
    func allMissing() throws {
        let (subject, _) = try closedStore()
        try subject.inside(isForged: true) { inside in
            for pair in try inside.pairs(.meta) { try inside.delete(.meta, pair.key) }
        }
        #expect(refusal(subject.path, subject.ring).contains("key record"))
    }

    @Test(
        "refuses any bit flipped in a record of its own",
        arguments: ["format", "keys", "canary", "head", "log", "tail", "used", "steps"])
    func flipped(_ name: String) throws {
        let key = Array(name.utf8)
        let (subject, _) = try closedStore()
        let original = try subject.inside { try $0.value(.meta, key) }
        for bit in stride(from: 0, to: 8 * original.count, by: original.count == 1 ? 1 : 13) {
            var flipped = original
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            try subject.inside(isForged: true) { try $0.put(.meta, key, flipped) }
            #expect(refusal(subject.path, subject.ring) != "none", "bit \(bit)")
            try mend(subject, key, original)
        }
        #expect(refusal(subject.path, subject.ring) == "none")
    }

    @Test(
        "refuses a newer format by its number, and one that no store has",
        arguments: [7, 9, 11, 13, 14])
    func newerFormat(_ number: UInt8) throws {
        let (subject, _) = try closedStore()
        try subject.inside { try $0.put(.meta, Array("format".utf8), [number]) }
        #expect(
            refusal(subject.path, subject.ring)
                == "the store has format \(number), which this version of totpd does not know")
    }

    @Test("refuses records of its own that come from another store")
    func foreignRecords() throws {
        let (subject, _) = try closedStore()
        let (other, _) = try closedStore()
        for name in ["keys", "canary", "head", "log"] {
            let key = Array(name.utf8)
            let foreign = try other.inside { try $0.value(.meta, key) }
            let own = try subject.inside { try $0.value(.meta, key) }
            try subject.inside(isForged: true) { try $0.put(.meta, key, foreign) }
            #expect(refusal(subject.path, subject.ring) != "none", "\(name)")
            try mend(subject, key, own)
        }
        #expect(refusal(subject.path, subject.ring) == "none")
    }

    /// Puts a record of the store's own back; the store does not open meanwhile.
    private func mend(_ subject: Subject, _ key: [UInt8], _ value: [UInt8]) throws {
        let environment = try LMDBEnvironment(
            path: subject.path, mapBytes: Subject.mapBytes, isReadOnly: false)
        defer { environment.close() }
        try environment.write { transaction in
            let tables = try Tables(transaction, isCreated: false)
            try key.withUnsafeBytes { key in
                try value.withUnsafeBytes { try transaction.put(tables.meta, key, $0) }
            }
            return ((), isCommitted: true)
        }
    }
}
