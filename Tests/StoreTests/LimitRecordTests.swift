// A bucket of limits as bytes: what each version wrote is read for ever, and says no more than it
// knew.

import Accounts
import Store
import Testing

@Suite struct LimitRecordTests {
    /// Written out by hand: tag, end, part, parts, and from version 2 on the time before the end.
    private static let before: [UInt8] =
        [0, 0, 0, 0, 0, 0, 0, 7] + [0, 0, 1, 0xa3, 0x18, 0x5c, 0x50, 0] + [0, 0, 0, 3]
        + [0, 0, 0, 5]
    private static let end = Instant(milliseconds: 0x1_a318_5c50_00)

    private static let owner = LimitOwner(app: .standard, kind: .limit)
    /// The kind, and the app after its length.
    private static let head: [UInt8] = [0, 0, 7] + Array("default".utf8)

    private func bucket(_ bytes: [UInt8], _ version: UInt8) throws -> LimitBucket {
        try bytes.withUnsafeBytes { try LimitRecord.decode($0, version: version) }
    }

    private func state(_ bucket: LimitBucket) throws -> LimitState {
        try #require(bucket.entries.first { $0.tag == 7 }).state
    }

    @Test("version 1 does not say when something was spent")
    func version1() throws {
        let read = try bucket(Self.before, 1)
        let known = LimitState(emptyAt: Self.end, part: 3, parts: 5)
        try #expect(state(read) == known)
        // And it stays unknown when it is written anew.
        let again = try #require(LimitRecord.encode(read, of: Self.owner)).bytes
        #expect(again == Self.head + Self.before + [0xff, 0xff, 0xff, 0xff])
        try #expect(bucket(again, 3) == read)
    }

    @Test("version 2 does")
    func version2() throws {
        let bytes = Self.before + [0, 0, 0x2e, 0xe0]
        let read = try bucket(bytes, 2)
        try #expect(state(read).spentAt == Self.end - .seconds(12))
        try #expect(
            #require(LimitRecord.encode(read, of: Self.owner)).bytes == Self.head + bytes)
        #expect(throws: RecordFault.malformed) { try bucket(bytes, 1) }
        #expect(throws: RecordFault.malformed) { try bucket(Self.before, 2) }
    }

    @Test("version 3 says whose they are, and no version before it")
    func owner() throws {
        let bytes = Self.head + Self.before + [0, 0, 0x2e, 0xe0]
        try bytes.withUnsafeBytes {
            try #expect(LimitRecord.decodeOwner($0) == Self.owner)
            try #expect(LimitRecord.decodeOwner($0, version: 2) == nil)
        }
        #expect(throws: RecordFault.malformed) { try bucket(bytes, 2) }
        for wrong in [[2, 0, 7] + Array("default".utf8), [0, 0, 7] + Array("DEFAULT".utf8)]
            as [[UInt8]]
        {
            #expect(throws: RecordFault.malformed) {
                try wrong.withUnsafeBytes { try LimitRecord.decodeOwner($0) }
            }
        }
    }

    @Test("a moment that no clock gets to is none")
    func impossible() {
        var bytes = Self.before
        for value in [0x7f, 0x80] as [UInt8] {
            bytes[8] = value
            #expect(throws: RecordFault.malformed) { try bucket(bytes, 1) }
        }
    }
}
