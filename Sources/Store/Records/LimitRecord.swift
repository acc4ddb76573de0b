// A bucket of limits as bytes. It says whose app they are. Its keys are tags, so it does not say
// more of them. Every released version stays readable for ever.
//
// The kind (1) ‖ the app, after its length (2). Then each entry: tag (8) ‖ when it is empty, in
// milliseconds (8) ‖ part of one more (4) ‖ parts that a millisecond has (4) ‖ how long before it
// is empty something was spent last, in milliseconds (4; 2³² - 1 where nobody knows). Version 1 has
// not the last, and neither version 1 nor 2 the kind and the app. To change it, see AccountRecord.

import Accounts

package enum LimitRecord {
    /// The version this code writes. It is also sealed in, as associated data.
    package static let version: UInt8 = 3
    package static let versions: ClosedRange<UInt8> = 1...3
    private static let ownerBytesMax = 3 + Policy.appBytesMax
    private static let entryBytes = 28
    private static let unknown = UInt32.max

    /// A bucket as bytes, or nil when there is nothing to keep.
    package static func encode(_ bucket: LimitBucket, of owner: LimitOwner) -> RecordWriter? {
        guard !bucket.isEmpty else { return nil }
        var writer = RecordWriter(reserving: ownerBytesMax + bucket.entries.count * entryBytes)
        writer.append(owner.kind.rawValue)
        writer.append(text: owner.app.description)
        for entry in bucket.entries {
            writer.append(entry.tag)
            writer.append(entry.state.emptyAt.milliseconds)
            writer.append(entry.state.part)
            writer.append(entry.state.parts)
            writer.append(left(of: entry.state))
        }
        return writer
    }

    private static func left(of state: LimitState) -> UInt32 {
        guard let spentAt = state.spentAt else { return unknown }
        return UInt32(exactly: (state.emptyAt - spentAt).milliseconds) ?? unknown
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer, version: UInt8 = LimitRecord.version
    ) throws(RecordFault) -> LimitBucket {
        var reader = RecordReader(bytes)
        if version >= 3 {
            _ = try reader.read(UInt8.self)
            try reader.skipText()
        }
        var entries: [LimitBucket.Entry] = []
        entries.reserveCapacity(bytes.count / entryBytes)
        while !reader.isAtEnd {
            let tag = try reader.read(UInt64.self)
            let emptyAt = try reader.readInstant()
            let part = try reader.read(UInt32.self)
            let parts = try reader.read(UInt32.self)
            let left = version >= 2 ? try reader.read(UInt32.self) : unknown
            let spentAt = left == unknown ? nil : emptyAt - Duration(milliseconds: Int64(left))
            let state = LimitState(emptyAt: emptyAt, part: part, parts: parts, spentAt: spentAt)
            guard let state else { throw .malformed }
            entries.append(LimitBucket.Entry(tag: tag, state: state))
        }
        guard let bucket = LimitBucket(entries) else { throw .malformed }
        return bucket
    }

    /// Whose they are; nil where the version does not say it.
    package static func decodeOwner(
        _ bytes: UnsafeRawBufferPointer, version: UInt8 = LimitRecord.version
    ) throws(RecordFault) -> LimitOwner? {
        guard version >= 3 else { return nil }
        var reader = RecordReader(bytes)
        let kind = LimitOwner.Kind(rawValue: try reader.read(UInt8.self))
        guard let kind, let app = AppName(try reader.readText()) else { throw .malformed }
        return LimitOwner(app: app, kind: kind)
    }
}
