// A change of record keys beside the serving: it ends with nothing under the old key, it is taken
// up again where it was, and no key goes while anything needs it.

import Accounts
import Glibc
import Patience
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A change of record keys")
struct RotationTests {
    private static let size = LogSize(
        bytesMin: 64 << 10, bytesMax: 64 << 10, accountsMax: 1000, accountsPerStep: 4)

    private static func subject() throws -> Subject {
        try Subject(
            in: TemporaryDirectory(), ring: KeyRing(current: .generate()), logSize: size)
    }

    private static func people(_ count: Int) throws -> [Person] {
        try (0..<count).map { try Person("person \($0)") }
    }

    private func waitForEnd(_ store: LMDBStore) throws {
        try eventually("the end of a change of keys") { store.keyIDs.records.count == 1 }
    }

    /// The record keys that what lies on the disk needs.
    private func keysNeeded(_ subject: Subject) throws -> Set<KeyID> {
        try subject.inside { inside in
            var found: Set<KeyID> = []
            for table in Table.allCases {
                for pair in try inside.pairs(table) where !["format", "keys"].contains(pair.text) {
                    found.insert(
                        try #require(pair.value.withUnsafeBytes { RecordSeal.keyID(of: $0) }))
                }
            }
            return found
        }
    }

    @Test("ends with nothing under the old one, while requests go on")
    func whole() throws {
        let subject = try Self.subject()
        let people = try Self.people(100)
        try subject.ask(people.map { $0.bring(at: Clock.start) })
        try subject.reopen()
        let store = try subject.engineStore
        let old = store.keyIDs.records
        try subject.ask(people.map { $0.verify(at: Clock.after(30)) })
        let new = try store.rotateRecordKey()
        #expect(store.keyIDs.records == [new] + old)
        // Requests alone bring it to its end: the log turns with the next of them.
        var now = Clock.after(60)
        for _ in 0..<10_000 where store.keyIDs.records.count > 1 {
            try #expect(subject.ask(people[0].verify(at: now)) == ["ok"])
            now = now + .seconds(30)
        }
        try waitForEnd(store)
        #expect(store.keyIDs.records == [new])
        try subject.expectSound()
        try #expect(keysNeeded(subject) == [new])
        try subject.open()
        try #expect(subject.ask(people[7].verify(at: Clock.after(30))) == ["replayed"])
        try subject.expectSound()
        subject.close()
    }

    @Test("ends on a store that nobody asks, and is not begun twice")
    func idle() throws {
        let subject = try Self.subject()
        try subject.ask(Self.people(20).map { $0.bring(at: Clock.start) })
        let store = try subject.engineStore
        let new = try store.rotateRecordKey()
        // Before the log has turned it cannot end.
        #expect(throws: KeyFault.self) { try store.rotateRecordKey() }
        #expect(store.records.progress == RotationProgress())
        let figures = try store.figures()
        #expect(figures.rotation == JobProgress(name: "rotate_key", done: 0, total: 0))
        #expect(figures.recordKeys == store.keyIDs.records.map { "\($0)" })
        #expect(figures.recordKeys.first == "\(new)" && figures.recordKeys.count == 2)
        _ = try store.apply([])
        try waitForEnd(store)
        try #expect(keysNeeded(subject) == [new])
        // And once more.
        try subject.open()
        let newer = try subject.engineStore.rotateRecordKey()
        _ = try subject.engineStore.apply([])
        try waitForEnd(subject.engineStore)
        try #expect(keysNeeded(subject) == [newer])
        try subject.open()
        try subject.expectSound()
        subject.close()
    }

    @Test("ends behind a lane that nobody asks")
    func idleLane() throws {
        let subject = try Self.subject()
        try subject.ask(Self.people(20).map { $0.bring(at: Clock.start) })
        let store = try subject.engineStore
        let lane = WriterLane(
            store: store, deliver: { _ in }, failed: { Issue.record("\($0)") })
        let new = try store.rotateRecordKey()
        try waitForEnd(store)
        lane.stop()
        #expect(store.keyIDs.records == [new])
        try #expect(keysNeeded(subject) == [new])
        try subject.open()
        try subject.expectSound()
        subject.close()
    }

    @Test("does not let the old key go while the log may bring back what it sealed")
    func logNotClear() throws {
        let subject = try Self.subject()
        let people = try Self.people(20)
        try subject.ask(people.map { $0.bring(at: Clock.start) })
        let store = try subject.engineStore
        _ = try store.rotateRecordKey()
        for _ in 0..<100 { #expect(try !store.records.step()) }
        #expect(store.keyIDs.records.count == 2)
        try subject.reopen()
        try waitForEnd(subject.engineStore)
        try subject.expectSound()
        try #expect(subject.ask(people[3].verify(at: Clock.start)) == ["ok"])
        subject.close()
    }

    @Test("seals nothing anew, and lets no key go, while a frame that the old one sealed is folded")
    func frameNotFolded() throws {
        let subject = try Self.subject()
        try subject.ask(Self.people(20).map { $0.bring(at: Clock.start) })
        _ = try subject.engineStore.rotateRecordKey()
        subject.close()
        try subject.inside { inside in
            let folded = try inside.environment.read {
                try #require(try Meta.mark($0, inside.tables, inside.seal)).folded.sequence
            }
            let rotation = try inside.rotation()
            rotation.logChanged(after: folded + 1)
            for _ in 0..<100 { #expect(try !rotation.step()) }
            #expect(rotation.progress == RotationProgress())
            rotation.logChanged(after: folded)
            #expect(try rotation.step())
        }
    }

    @Test("leaves a record alone that a fold made newer after it was found", arguments: [0, 3])
    func foundTooEarly(index: Int) throws {
        let subject = try Self.subject()
        let people = try Self.people(4)
        try subject.ask(people.map { $0.bring(at: Clock.start) })
        try subject.ask(people.map { $0.verify(at: Clock.start) })
        _ = try subject.engineStore.rotateRecordKey()
        subject.close()
        try subject.inside { inside in
            let rotation = try inside.rotation()
            let start = RecordCursor(table: .guards, key: RecordCursor.leastKey)
            let found = try inside.environment.read { try rotation.find(from: start, $0) }
            #expect(found.keys.count == 4)
            let key = found.keys[index]
            let newer = try inside.resealed(.guards, key)
            try inside.put(.guards, key, newer)
            try #expect(rotation.reseal(found, RotationProgress()) == 3)
            try #expect(inside.value(.guards, key) == newer)
        }
    }

    @Test("goes on where it was when the store was closed", arguments: [0, 1, 7, 20])
    func resumed(steps: Int) throws {
        let subject = try Self.subject()
        let people = try Self.people(60)
        try subject.ask(people.map { $0.bring(at: Clock.start) })
        try subject.reopen()
        let new = try subject.engineStore.rotateRecordKey()
        // Nothing wakes the store's own thread; the log is clear once the store was closed.
        subject.close()
        let left = try subject.inside { try $0.rotate(steps: steps) }
        #expect(left != nil)
        try subject.open()
        #expect(try subject.engineStore.keyIDs.records.first == new)
        try waitForEnd(subject.engineStore)
        try subject.expectSound()
        try #expect(keysNeeded(subject) == [new])
    }

    @Test("is not held up by a record that does not open, and leaves it as it is")
    func damaged() throws {
        let subject = try Self.subject()
        let people = try Self.people(20)
        try subject.ask(people.map { $0.bring(at: Clock.start) })
        let damaged = try subject.inside { inside in
            let key = inside.key(of: people[5])
            try inside.flip(bit: 400, .factors, key)
            return try inside.value(.factors, key)
        }
        try subject.open()
        _ = try subject.engineStore.rotateRecordKey()
        _ = try subject.engineStore.apply([])
        try waitForEnd(subject.engineStore)
        try #expect(
            subject.ask(people[5].verify(at: Clock.start), people[6].verify(at: Clock.start))
                == ["unreadable: doesNotOpen", "ok"])
        #expect(try subject.store.check().problemCount == 1)
        try subject.inside { inside in
            try #expect(inside.value(.factors, inside.key(of: people[5])) == damaged)
        }
    }
}

extension Inside {
    /// Some steps of a change that is under way; returns how far it has come then.
    fileprivate func rotate(steps: Int) throws -> RotationProgress? {
        let rotation = try rotation()
        rotation.logChanged(after: 0)
        for _ in 0..<steps { _ = try rotation.step() }
        return rotation.progress
    }

    /// The change that is under way, without a thread of its own.
    fileprivate func rotation() throws -> RecordRotation {
        let contents = try environment.read { try #require(try Meta.load($0, tables, ring)) }
        return RecordRotation(
            environment, tables, StoreKeys(ring, contents.seal, wrappedBy: contents.master),
            contents.rotation, recordsPerStep: 4)
    }

    /// A record as a fold brings it by now, sealed by the newest key.
    fileprivate func resealed(_ table: Table, _ key: [UInt8]) throws -> [UInt8] {
        let old = try value(table, key)
        let new = old.withUnsafeBytes { old in
            key.withUnsafeBytes { seal.resealed(old, in: table, at: $0) }
        }
        return try #require(new)
    }
}

extension Inside.Pair {
    fileprivate var text: String { String(decoding: key, as: UTF8.self) }
}
