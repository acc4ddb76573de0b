// Stores that older code wrote stay readable, and mean what they meant. The same is asked of what
// this code writes, so that the expectations themselves are tested.

import Accounts
import Foundation
import LMDBStore
import Scratch
import Secrets
import StoreHarness
import StoreWorkload
import Testing

@testable import Store

@Suite("A fixture")
struct FixtureTests {
    private func copy(of source: URL) throws -> Subject {
        let directory = try TemporaryDirectory()
        let (_, ring) = try StoreFixture.copied(source, into: directory, as: "state")
        return try Subject(in: directory, ring: ring, logSize: StoreFixture.logSize)
    }

    /// A store written by this code, as the fixture was.
    private func written() throws -> Subject {
        let subject = try Subject(
            in: TemporaryDirectory(), ring: KeyRing(current: StoreFixture.masterKey),
            logSize: StoreFixture.logSize)
        for (index, batch) in try StoreFixture.batches().enumerated() {
            try subject.ask(batch)
            if index == 0 { try subject.reopen() }
        }
        return subject
    }

    private func expectAsWritten(_ subject: Subject) throws {
        let shapes = try RecordShape.ofVersion1()
        let report = try subject.store.check()
        #expect(report.problems == [])
        #expect(report.accounts == shapes.count)
        for shape in shapes {
            let name = shape.account.name
            try #expect(subject.store.accounts(of: [name]) == [shape.account], "\(name.user)")
        }
        try #expect(subject.events().map(StoreFixture.text) == StoreFixture.events())
    }

    @Test(
        "of a store of each format is readable, and serves",
        arguments: [StoreFixture.store] + StoreFixture.crashedStores)
    func store(_ store: URL) throws {
        let subject = try copy(of: store)
        // No format before 4 has the numbers of accounts: they are counted, once.
        let isCounted = StoreFixture.crashedStores.suffix(4).contains(store)
        var counts = AccountCounts()
        for shape in try RecordShape.ofVersion1() where shape.account.hasFactorRecord {
            counts[shape.account.name.app] += 1
        }
        let counted = AccountCountRepair(accounts: counts.sum, apps: counts.apps, unreadable: 0)
        for counting in [isCounted ? nil : counted, nil] {
            let slice = try subject.store.apps(after: nil, atMost: 10)
            #expect(slice == counts.slice(after: nil, atMost: 10))
            try #expect(subject.engineStore.counting == counting)
            try subject.reopen()
        }
        try expectAsWritten(subject)
        // The account goes on where it was: its used step stays used.
        let active = try RecordShape.active()
        let factor = try #require(active.factor)
        let used = Person(of: active.name, with: factor.secret)
        try #expect(
            subject.ask(
                used.verify(at: Clock.after(30)), used.verify(at: Clock.after(60)),
                used.verify(at: Clock.after(60))) == ["replayed", "ok", "replayed"])
        try subject.reopen()
        try subject.expectSound()
        subject.close()
    }

    @Test("is what this code would write")
    func rewritten() throws {
        let subject = try written()
        // As a crash would: not closed, so that nothing is folded.
        if Fixtures.mayWrite { try keep(subject) }
        try expectAsWritten(subject)
        subject.close()
    }

    private func keep(_ subject: Subject) throws {
        let manager = FileManager.default
        try manager.createDirectory(
            at: StoreFixture.newestStore, withIntermediateDirectories: false)
        for name in ["data.mdb", "log.0", "log.1"] {
            try manager.copyItem(
                atPath: subject.path + "/" + name,
                toPath: StoreFixture.newestStore.path + "/" + name)
        }
        try Data((StoreFixture.masterKey.line + "\n").utf8)
            .write(to: StoreFixture.newestStore.appending(path: "master.keys"))
    }
}
