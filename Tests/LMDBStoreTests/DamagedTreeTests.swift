// Damage to what leads from page to page, and to what LMDB follows when it writes: nobody is hidden
// by it, and nothing that is sound is given up or written over.

import Accounts
import Foundation
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("Damage between pages")
struct DamagedTreeTests {
    @Test("a page that leads to another's page hides nobody, nor is that one written to")
    func wrongWay() throws {
        let (subject, people) = try Subject.used(100)
        let roots = try subject.inside { inside in
            try inside.environment.read { transaction in
                try [Table.factors, .guards].map { table in
                    let tree = try #require(transaction.trees[table])
                    try #require(tree.record.depth == 2)
                    return tree.record.root
                }
            }
        }
        try subject.open()
        let file = try PageFileEditor(subject.path)
        // All of the first leaf's people are looked for on the last one.
        for root in roots {
            let last = try file.child(root, file.count(root) - 1)
            try file.setChild(root, 0, to: last)
        }
        let again = try subject.ask(people.map { $0.verify(at: Clock.after(30)) })
        for answer in again { #expect(answer == "replayed" || answer.hasPrefix("unreadable")) }
        #expect(again.contains { $0.hasPrefix("unreadable") } && again.contains("replayed"))
        // Nobody can be enrolled anew on top of that either.
        let anew = try subject.ask(people.map { $0.enroll() })
        #expect(!anew.contains("ok"), "\(anew)")
        subject.close()
        #expect(throws: OpeningRefusal.self) { try subject.open() }
    }

    @Test("what a fold must not write over is left in the log", arguments: [0x01, 0x02, 0x04])
    func nodeFlags(_ flag: UInt8) throws {
        let (subject, people) = try Subject.used(100)
        let leaf = try subject.inside { inside in
            try inside.environment.read { transaction in
                let tree = try #require(transaction.trees[.guards])
                return try #require(try tree.path(to: nil).last?.page.number)
            }
        }
        try subject.open()
        let now = Clock.after(60)
        try #expect(subject.ask(people.map { $0.verify(at: now) }).allSatisfy { $0 == "ok" })
        let file = try PageFileEditor(subject.path)
        for place in 0..<(try file.count(leaf)) {
            try file.change(leaf, file.node(leaf, place) + 4) { $0 ^ flag }
        }
        for _ in 0..<2 {
            try subject.reopen()
            let answers = try subject.ask(people.map { $0.verify(at: now) })
            #expect(answers.allSatisfy { $0 == "replayed" }, "\(answers)")
        }
        subject.close()
    }

    // MARK: Events

    /// A store with so many events, each in a block of its own, all of them folded.
    private func subject(events: Int64) throws -> Subject {
        let ada = try Person("ada")
        let subject = try Subject(in: TemporaryDirectory(), ring: KeyRing(current: .generate()))
        try subject.ask(ada.bring(at: Clock.start))
        for day in 1..<events { try subject.ask(ada.verify(at: Clock.after(86_400 * day))) }
        try subject.reopen()
        return subject
    }

    @Test("room is made whole or not at all")
    func makeRoom() throws {
        let subject = try subject(events: 250)
        let store = try subject.engineStore
        let (environment, tables) = (store.environment, store.tables)
        let root = try environment.read { transaction in
            try #require(transaction.trees[.events]).record.root
        }
        let retention = Retention(environment, tables, store.keys, store.clockWatch)
        retention.keep(for: .days(4000), atMost: 0, now: { Clock.start }, uptime: { .zero })
        let file = try PageFileEditor(subject.path)
        let leaves = try file.count(root)
        #expect(leaves > 6)
        // The last is written anew before anything else is.
        for place in 1..<(leaves - 1) {
            let leaf = try file.child(root, place)
            try file.change(leaf, 13) { $0 ^ 1 }
            try environment.write { transaction in
                try retention.makeRoom(after: 200, transaction)
                return ((), isCommitted: true)
            }
            try file.change(leaf, 13) { $0 ^ 1 }
            try #expect(store.check().problems == [], "at leaf \(place) of \(leaves)")
        }
        subject.close()
    }

    @Test("a long value gives back no page that is not its own")
    func overflowPages() throws {
        let subject = try Subject(in: TemporaryDirectory(), ring: KeyRing(current: .generate()))
        let people = try (0..<100).map { try Person("made up \($0)") }
        for day in 0..<20 {
            try subject.ask(people.map { $0.wrong(at: Clock.after(86_400 * Int64(day))) })
        }
        try subject.reopen()
        let store = try subject.engineStore
        let first = try store.environment.read { transaction in
            let tree = try #require(transaction.trees[.events])
            let leaf = try #require(try tree.path(to: PageKey(.init(start: nil, count: 0))).last)
            return try #require(try leaf.page.elsewhere(leaf.page.node(0)))
        }
        let file = try PageFileEditor(subject.path)
        try file.change(first, 12) { $0 | 8 }
        let trim = EventTrim(environment: store.environment, tables: store.tables, keys: store.keys)
        #expect(throws: LMDBFault.self) { try trim.step(before: Clock.after(86_400 * 10)) }
        try file.change(first, 12) { $0 & ~8 }
        try #expect(store.check().problems == [])
        #expect(try trim.step(before: Clock.after(86_400 * 10)) == .done)
        try #expect(store.check().problems == [])
        subject.close()
    }

    @Test("a header with another last page is refused, or costs nothing", arguments: 0..<24)
    func lastPage(_ bit: UInt8) throws {
        let (subject, people) = try Subject.used(40)
        let file = try PageFileEditor(subject.path)
        // The newer header is the one with the greater number of a transaction.
        let newer: UInt64 = try file.byte(0, 144) > file.byte(1, 144) ? 0 : 1
        try file.change(newer, 136 + Int(bit / 8)) { $0 ^ 1 << (bit % 8) }
        do {
            try subject.open()
        } catch is OpeningRefusal {
            return
        }
        for day in 1..<4 {
            let now = Clock.after(86_400 * Int64(day))
            try #expect(subject.ask(people.map { $0.verify(at: now) }).allSatisfy { $0 == "ok" })
            try subject.reopen()
            try subject.expectSound()
        }
        subject.close()
    }

    // MARK: Listings and numbers

    private func root(of table: Table, _ subject: Subject) throws -> UInt64 {
        try subject.inside { inside in
            try inside.environment.read { try #require($0.trees[table]).record.root }
        }
    }

    @Test("a listing tells of everybody on a damaged page, and lists the others")
    func listing() throws {
        let (subject, people) = try Subject.used(100)
        let root = try root(of: .factors, subject)
        try subject.open()
        let file = try PageFileEditor(subject.path)
        try file.change(file.child(root, 1), 13) { $0 ^ 1 }
        var (readable, unreadable) = (0, 0)
        var after: RecordID?
        repeat {
            let slice = try subject.store.accounts(after: after, atMost: 7)
            for case .account in slice.entries { readable += 1 }
            for case .unreadable(_, .pageDamaged) in slice.entries { unreadable += 1 }
            after = slice.end
        } while after != nil
        #expect(readable > 0 && unreadable > 0 && readable + unreadable == people.count)
        subject.close()
    }

    @Test("numbers of accounts whose page is damaged are counted at each start")
    func counts() throws {
        let (subject, people) = try Subject.used(20)
        let root = try root(of: .apps, subject)
        let file = try PageFileEditor(subject.path)
        try file.change(root, 13) { $0 ^ 1 }
        for day in 1..<3 {
            try subject.open()
            try #expect(subject.engineStore.counting?.accounts == 20)
            let later = Clock.after(86_400 * Int64(day))
            try #expect(subject.ask(people.map { $0.verify(at: later) }).allSatisfy { $0 == "ok" })
            subject.close()
        }
    }
}
