// One record of an account that was put back to what it was, beside the newest other one: by
// somebody who writes to the state directory and has kept some of it. A phone that was replaced, a
// browser that was forgotten and a used backup code stay what they are.

import Accounts
import OneTimeCodes
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("An older record")
struct OlderRecordTests {
    /// What changes the factor of somebody who has one, made at `moment`.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request:
            @Sendable (_ person: Person, _ other: Person, _ moment: Instant) throws -> Request
    }

    static let changes = [
        Change(testDescription: "a new phone") { _, other, moment in
            other.bring(at: moment, replaces: true)
        },
        Change(testDescription: "a used backup code") { person, _, moment in
            try person.backup(3, at: moment)
        },
        Change(testDescription: "a reset") { person, _, moment in person.reset(at: moment) },
    ]

    private func records(_ subject: Subject, _ person: Person) throws -> [Table: [UInt8]] {
        try subject.inside { inside in
            let key = inside.key(of: person)
            var found: [Table: [UInt8]] = [:]
            for table in [Table.factors, .guards] {
                found[table] = try inside.pairs(table).first { $0.key == key }?.value
            }
            return found
        }
    }

    @Test("of a factor or a guard makes nobody's account what it was", arguments: changes)
    func oneOfThem(_ change: Change) throws {
        for table in [Table.factors, .guards] {
            let ada = try Person("ada")
            let subject = try Subject(.lmdb)
            try #expect(subject.ask(ada.enroll(), ada.confirm()) == ["ok", "ok"])
            let old = try records(subject, ada)
            try subject.open()
            let other = Person(of: ada.name, with: SecretBytes([UInt8](repeating: 9, count: 20)))
            let moment = Clock.after(3600)
            try #expect(subject.ask(try change.request(ada, other, moment)) == ["ok"])
            let new = try records(subject, ada)
            #expect(new != old)
            try subject.inside { inside in
                try inside.put(table, inside.key(of: ada), #require(old[table]))
            }
            try subject.open()
            let now = Clock.after(7200)
            let answers = try subject.ask(
                ada.verify(at: now), other.verify(at: now), ada.backup(3, at: now))
            #expect(answers.allSatisfy { $0.hasPrefix("unreadable: ") }, "\(answers)")
            try #expect(subject.store.figures().damagedParts == [.accounts])
            let key = Hex.encode(try keyBytes(subject, ada))
            try subject.open()
            let problems = try subject.store.check().problems
            #expect(problems.contains { $0.contains(key) }, "\(problems)")
            // An admin's reset is the way out, and makes no code good again.
            try #expect(subject.ask(ada.reset(at: now), ada.verify(at: now))[0] == "ok")
            try subject.expectSound()
            subject.close()
        }
    }

    private func keyBytes(_ subject: Subject, _ person: Person) throws -> [UInt8] {
        try subject.inside { $0.key(of: person) }
    }

    @Test("as an older version wrote it does not go with a factor of this one")
    func ofOlderVersion() throws {
        let ada = try Person("ada")
        let subject = try Subject(.lmdb)
        try subject.ask(ada.enroll(), ada.confirm())
        try subject.inside { inside in
            let key = inside.key(of: ada)
            let guardNow = try inside.value(.guards, key)
            let plain = try key.withUnsafeBytes { key in
                try guardNow.withUnsafeBytes { sealed in
                    try inside.seal.open(
                        sealed, version: AccountRecord.pairVersion, in: .guards, at: key)
                }
            }
            let unmarked = plain.withBytes { Array($0.dropFirst(FactorMark.bytes)) }
            let sealed = unmarked.withUnsafeBytes { plain in
                key.withUnsafeBytes {
                    inside.seal.seal(plain, version: 9, in: .guards, at: $0)
                }
            }
            try inside.put(.guards, key, sealed)
        }
        try subject.open()
        try #expect(
            subject.ask(ada.verify(at: Clock.after(3600))) == ["unreadable: otherFactor"])
        subject.close()
    }

    @Test("is none after backup codes were voided by a restore, nor after new keys")
    func others() throws {
        let people = try (0..<5).map { try Person("person \($0)") }
        let subject = try Subject(.lmdb)
        try subject.ask(people.flatMap { [$0.enroll(), $0.confirm()] })
        _ = try subject.engineStore.rotateRecordKey()
        try subject.ask([])
        try subject.reopen()
        try #expect(
            subject.ask(people.map { $0.verify(at: Clock.after(60)) }).allSatisfy { $0 == "ok" })
        subject.close()
        let directory = try TemporaryDirectory()
        let restore = Restore(
            of: subject.path, into: directory.path(of: "state"), ring: subject.ring,
            at: Clock.after(120), by: Peer(uid: 0, pid: 1), voidsBackupCodes: true)
        #expect(try restore.run(Job("restore")).voided == people.count)
        let store = try LMDBStore(
            path: directory.path(of: "state"), ring: subject.ring, at: Clock.after(120),
            mapBytes: Subject.mapBytes)
        let later = people.map { $0.verify(at: Clock.after(240)).change(in: store) }
        try #expect(store.apply(later).map(\.brief).allSatisfy { $0 == "ok" })
        try #expect(store.check().problems == [])
        store.close()
    }
}
