// Bytes that the first code wrote stay readable, and mean what they meant. The same is asked of
// what this code writes, so that the expectations themselves are tested.

import Accounts
import Foundation
import LMDBStore
import Secrets
import StoreWorkload
import Testing

@testable import Store

@Suite("A fixture")
struct FixtureTests {
    private func copy(of source: URL) throws -> Subject {
        let directory = try TemporaryDirectory()
        let (_, ring) = try Fixture.copied(source, into: directory, as: "state")
        return try Subject(in: directory, ring: ring, logSize: Fixture.logSize)
    }

    /// A store written by this code, as the fixture was.
    private func written() throws -> Subject {
        let subject = try Subject(
            in: TemporaryDirectory(), ring: KeyRing(current: Fixture.masterKey),
            logSize: Fixture.logSize)
        for (index, batch) in try Fixture.batches().enumerated() {
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
        try #expect(subject.events().map(Fixture.text) == Fixture.events())
    }

    @Test(
        "of a store of each format is readable, and serves",
        arguments: [Fixture.store] + Fixture.crashedStores)
    func store(_ store: URL) throws {
        let subject = try copy(of: store)
        // No format before 4 has the numbers of accounts: they are counted, once.
        var counts = AccountCounts()
        for shape in try RecordShape.ofVersion1() where shape.account.hasFactorRecord {
            counts[shape.account.name.app] += 1
        }
        let counted = AccountCountRepair(accounts: counts.sum, apps: counts.apps, unreadable: 0)
        for counting in [store == Fixture.newestStore ? nil : counted, nil] {
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
        if Fixture.mayWrite { try keep(subject) }
        try expectAsWritten(subject)
        subject.close()
    }

    private func keep(_ subject: Subject) throws {
        let manager = FileManager.default
        try manager.createDirectory(
            at: Fixture.newestStore, withIntermediateDirectories: false)
        for name in ["data.mdb", "log.0", "log.1"] {
            try manager.copyItem(
                atPath: subject.path + "/" + name,
                toPath: Fixture.newestStore.path + "/" + name)
        }
        try Data((Fixture.masterKey.line + "\n").utf8)
            .write(to: Fixture.newestStore.appending(path: "master.keys"))
    }

    @Test("of plain records is readable, and written the same")
    func records() throws {
        let lines = try Fixture.lines()
        if Fixture.mayWrite, !FileManager.default.fileExists(atPath: Fixture.records.path) {
            try Data((lines.joined(separator: "\n") + "\n").utf8)
                .write(to: Fixture.records, options: .withoutOverwriting)
        }
        #expect(try Self.lines(of: Fixture.records) == lines)
        for record in try plain(Fixture.records) {
            // Each kind is read and written again: an event's bytes are what the chain hashes.
            try #expect(record.again(record.bytes) == record.bytes)
        }
    }

    @Test(
        "of plain records of an older version is readable, and means what it meant",
        arguments: AccountRecord.versions.dropLast())
    func oldRecords(_ version: UInt8) throws {
        let shapes = try version == 1 ? RecordShape.ofVersion1() : RecordShape.ofVersion3()
        let expected = try shapes.flatMap { try Plain.records(of: $0.account) }
        let old = try plain(Fixture.folder.appending(path: "records-\(version).txt"))
        #expect(old.count == expected.count + 3)
        for (record, new) in zip(old, expected) {
            var record = record
            record.version = version
            try #expect(record.kind == new.kind && record.again(record.bytes) == new.bytes)
            // Factors are since version 2 what they were then, and guards since version 3.
            guard version == 1 || version == 2 && record.kind == .guard else { continue }
            #expect(record.bytes != new.bytes)
            // Neither is taken for the other.
            var swapped = record
            swapped.version = AccountRecord.version
            #expect(swapped.fault(of: record.bytes) == .malformed)
            #expect(record.fault(of: new.bytes) == .malformed)
        }
        // A block of one event has the bytes that an event of its own had.
        for (event, block) in zip(old.suffix(3), EventRecordTests.single) {
            for version in [1, 2] as [UInt8] {
                try #expect(EventBlock(event.bytes, version: version) == block)
            }
            // What has no source is not taken for what may have one, nor the other way round.
            #expect(event.fault(of: event.bytes) == .malformed)
            #expect(throws: RecordFault.malformed) { try EventBlock(block.bytes, version: 2) }
        }
    }

    private static func lines(of file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func plain(_ file: URL) throws -> [Plain] {
        try Self.lines(of: file).map { line in
            let parts = line.split(separator: " ")
            try #require(parts.count == 2)
            let kind = try #require(Plain.Kind(rawValue: String(parts[0])))
            return Plain(kind: kind, bytes: try bytes(parts[1]))
        }
    }

    private func bytes(_ digits: Substring) throws -> [UInt8] {
        let digits = Array(digits)
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            try #require(UInt8(String(digits[index...(index + 1)]), radix: 16))
        }
    }
}
