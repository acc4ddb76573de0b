// Records that older code wrote stay readable, and mean what they meant. The same is asked of what
// this code writes, so that the expectations themselves are tested.

import Accounts
import Foundation
import Secrets
import StoreHarness
import Testing

@testable import Store

@Suite("A fixture of records")
struct RecordFixtureTests {
    private static let records = Fixtures.folder.appending(
        path: "records-\(AccountRecord.version).txt")

    /// Every plain record: a line each, its kind and its bytes.
    private static func written() throws -> [String] {
        let accounts = try RecordShape.all().flatMap { try Plain.records(of: $0.account) }
        let events = EventRecordTests.single.map { Plain(kind: .event, bytes: $0.bytes) }
        return (accounts + events).map { "\($0.kind.rawValue) \(Hex.encode($0.bytes))" }
    }

    @Test("is readable, and written the same")
    func records() throws {
        let lines = try Self.written()
        if Fixtures.mayWrite, !FileManager.default.fileExists(atPath: Self.records.path) {
            try Data((lines.joined(separator: "\n") + "\n").utf8)
                .write(to: Self.records, options: .withoutOverwriting)
        }
        #expect(try Self.lines(of: Self.records) == lines)
        for record in try plain(Self.records) {
            // Each kind is read and written again: an event's bytes are what the chain hashes.
            try #expect(record.again(record.bytes) == record.bytes)
        }
    }

    /// Version 10 is sealed otherwise than 9, and laid out as that.
    @Test(
        "of an older version is readable, and means what it meant",
        arguments: AccountRecord.versions.dropLast().filter { $0 != 10 })
    func oldRecords(_ version: UInt8) throws {
        let shapes = try RecordShape.of(version: version)
        let expected = try shapes.flatMap { try Plain.records(of: $0.account) }
        let old = try plain(Fixtures.folder.appending(path: "records-\(version).txt"))
        let events = version < 4 ? 3 : EventRecordTests.single.count
        #expect(old.count == expected.count + events)
        for (record, new) in zip(old, expected) {
            var record = record
            record.version = version
            try #expect(record.kind == new.kind && record.again(record.bytes) == new.bytes)
            // Factors are since version 2 what they were then, but for those of which more is
            // known, and guards since version 3, but for their drifts.
            guard version == 1 || version == 2 && record.kind == .guard else { continue }
            #expect(record.bytes != new.bytes)
            // Neither is taken for the other.
            var swapped = record
            swapped.version = AccountRecord.version
            #expect(swapped.fault(of: record.bytes) == .malformed)
            #expect(record.fault(of: new.bytes) == .malformed)
        }
        guard version < 4 else {
            let newest = EventRecordTests.single.map(\.bytes)
            return #expect(old.suffix(events).map(\.bytes) == newest)
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
