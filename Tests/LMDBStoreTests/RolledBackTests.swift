// Records that somebody who writes to the state directory has put back to what they were, or has
// removed: with plain writes to LMDB, the newest log, and everything else kept. Each opens, so that
// only the state record says that it is not the newest.

import Accounts
import Patience
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A record that was put back")
struct RolledBackTests {
    private struct Generations {
        let before: [Table: [Inside.Pair]]
        let after: [Table: [Inside.Pair]]
    }

    private static let own: [Table] = [.factors, .guards, .limits, .apps, .meta, .events]

    private static func all(_ inside: Inside) throws -> [Table: [Inside.Pair]] {
        var found: [Table: [Inside.Pair]] = [:]
        for table in own { found[table] = try inside.pairs(table) }
        return found
    }

    /// A store, and its records before and after the people have logged in again, one has a new
    /// phone, and the limits have counted.
    private func subject() throws -> (Subject, Generations) {
        let subject = try Subject(.lmdb)
        let people = try (0..<3).map { try Person("person \($0)") }
        try subject.ask(people.flatMap { [$0.enroll(), $0.confirm()] })
        try subject.spend(at: Clock.start)
        let before = try subject.inside { try Self.all($0) }
        try subject.open()
        try subject.ask(people.map { $0.verify(at: Clock.after(60)) })
        try subject.spend(at: Clock.after(60))
        let other = Person(of: people[0].name, with: SecretBytes([UInt8](repeating: 9, count: 20)))
        try subject.ask(other.bring(at: Clock.after(3600), replaces: true))
        let after = try subject.inside { try Self.all($0) }
        return (subject, Generations(before: before, after: after))
    }

    private func expectOlder(_ subject: Subject, _ comment: Comment) throws {
        try subject.reopen()
        let store = try subject.engineStore
        try eventually("a finding") { store.set.finding != nil }
        #expect(store.set.finding == .older, comment)
        try #expect(store.figures().hasOlderRecords, comment)
        let problems = try store.check().problems
        #expect(problems.contains { $0.contains("put one back") }, "\(comment): \(problems)")
    }

    @Test("is noticed after the next start and by a check, whichever it is")
    func oneRecord() throws {
        let (subject, tables) = try subject()
        var count = 0
        for table in Self.own where table.isInSet {
            for old in tables.before[table] ?? [] {
                let new = tables.after[table]?.first { $0.key == old.key }
                guard new != old else { continue }
                count += 1
                try subject.inside(isForged: true) { try $0.put(table, old.key, old.value) }
                try expectOlder(subject, "\(table)")
                try subject.inside(isForged: true) { inside in
                    if let new { try inside.put(table, new.key, new.value) }
                }
            }
        }
        #expect(count >= 5)
        try subject.open()
        try subject.expectSound()
        subject.close()
    }

    @Test("is noticed when all of an account's are, or when they are gone")
    func wholeAccount() throws {
        let (subject, tables) = try subject()
        let key = try #require(tables.after[.guards]?[1].key)
        let both: [Table] = [.factors, .guards]
        for isGone in [false, true] {
            try subject.inside(isForged: true) { inside in
                for table in both {
                    let old = try #require(tables.before[table]?.first { $0.key == key })
                    if isGone {
                        try inside.delete(table, key)
                    } else {
                        try inside.put(table, key, old.value)
                    }
                }
            }
            try expectOlder(subject, "gone: \(isGone)")
        }
        subject.close()
    }

    @Test("stays noticed when totpd writes over it, and nothing else can make up for it")
    func later() throws {
        let (subject, tables) = try subject()
        let old = try #require(tables.before[.guards]?[0])
        let new = try #require(tables.after[.guards]?.first { $0.key == old.key })
        // Records of nobody, which have the tags that the sum lacks, in each other's place.
        let nobody = (0..<2).map { [UInt8](repeating: 0xf0 + UInt8($0), count: 16) }
        try subject.inside(isForged: true) { inside in
            try inside.put(.guards, old.key, old.value)
            try inside.put(.guards, nobody[0], new.value)
            try inside.put(.limits, nobody[1], old.value)
        }
        try expectOlder(subject, "with strangers")
        try subject.inside(isForged: true) { inside in
            try inside.delete(.guards, nobody[0])
            try inside.delete(.limits, nobody[1])
        }
        try expectOlder(subject, "without them")
        let people = try (0..<3).map { try Person("person \($0)") }
        try subject.ask(people.map { $0.verify(at: Clock.after(7200)) })
        try expectOlder(subject, "written over")
        subject.close()
    }

    @Test("is a reason not to start when it is one of the store's own")
    func ownRecord() throws {
        let (subject, tables) = try subject()
        var count = 0
        for old in tables.before[.meta] ?? [] {
            let new = try #require(tables.after[.meta]?.first { $0.key == old.key })
            guard new != old else { continue }
            count += 1
            try subject.putOwn(old)
            #expect(refusal(subject) == .mixed, "\(String(decoding: old.key, as: UTF8.self))")
            try subject.putOwn(new)
        }
        #expect(count >= 3)
        // As old as each other, and not as the records.
        for old in tables.before[.meta] ?? [] { try subject.putOwn(old) }
        for new in tables.after[.events] ?? [] where tables.before[.events]?.contains(new) == false
        {
            try subject.raw { transaction, tables in
                try new.key.withBytes { try transaction.delete(tables.events, $0) }
            }
        }
        try expectOlder(subject, "all of the store's own")
        subject.close()
    }

    @Test("is noticed in a format that knew of no state, or without a state")
    func format() throws {
        let (subject, tables) = try subject()
        let format = Array("format".utf8)
        let state = Array("state".utf8)
        for number in [UInt8]([1, 2, 3, 4, 5, 6, 8, 15]) {
            try subject.putOwn(Inside.Pair(key: format, value: [number]))
            #expect(refusal(subject) == .mixed, "\(number)")
            try subject.raw { transaction, tables in
                try state.withBytes { try transaction.delete(tables.meta, $0) }
            }
            #expect(refusal(subject) == .mixed, "\(number), without its state")
            for new in tables.after[.meta] ?? [] { try subject.putOwn(new) }
        }
        try subject.open()
        try subject.expectSound()
        subject.close()
    }

    private func refusal(_ subject: Subject) -> Refused {
        do throws(OpeningRefusal) {
            try LMDBStore(
                path: subject.path, ring: subject.ring, at: Clock.start, mapBytes: Subject.mapBytes
            ).close()
            return .none
        } catch {
            if case .mixed = error { return .mixed }
            return .otherwise("\(error)")
        }
    }

    private enum Refused: Equatable {
        case none
        case mixed
        case otherwise(String)
    }
}

extension Subject {
    /// As somebody writes to LMDB who has no keys.
    fileprivate func raw(
        _ body: (borrowing Transaction, Tables) throws -> Void
    ) throws {
        close()
        let environment = try LMDBEnvironment(
            path: path, mapBytes: Subject.mapBytes, isReadOnly: false)
        defer { environment.close() }
        try environment.write { transaction in
            try body(transaction, try Tables(transaction, isCreated: false))
            return ((), isCommitted: true)
        }
    }

    fileprivate func spend(at now: Instant) throws {
        let key = try limitKey("sms")
        #expect(try briefs([key.change(max: 9, at: now, in: store)]) == ["ok"])
    }

    fileprivate func putOwn(_ pair: Inside.Pair) throws {
        try raw { transaction, tables in
            try pair.key.withBytes { key in
                try pair.value.withBytes { try transaction.put(tables.meta, key, $0) }
            }
        }
    }
}
