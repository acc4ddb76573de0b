// A bucket of limits as bytes. It says nothing of whose they are: the keys are tags. A version that
// has been released must stay readable for ever.
//
// Each entry: tag (8) ‖ when it is empty, in milliseconds (8) ‖ part of one more (4) ‖ parts that a
// millisecond has (4). To change it, see AccountRecord.

import Accounts

package enum LimitRecord {
    /// The version this code writes. It is also sealed in, as associated data.
    package static let version: UInt8 = 1
    private static let entryBytes = 24

    /// A bucket as bytes, or nil when there is nothing to keep.
    package static func encode(_ bucket: LimitBucket) -> RecordWriter? {
        guard !bucket.isEmpty else { return nil }
        var writer = RecordWriter(reserving: bucket.entries.count * entryBytes)
        for entry in bucket.entries {
            writer.append(entry.tag)
            writer.append(entry.state.emptyAt.milliseconds)
            writer.append(entry.state.part)
            writer.append(entry.state.parts)
        }
        return writer
    }

    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(RecordFault) -> LimitBucket {
        var reader = RecordReader(bytes)
        var entries: [LimitBucket.Entry] = []
        entries.reserveCapacity(bytes.count / entryBytes)
        while !reader.isAtEnd {
            let tag = try reader.read(UInt64.self)
            let emptyAt = try reader.readInstant()
            let part = try reader.read(UInt32.self)
            let parts = try reader.read(UInt32.self)
            guard let state = LimitState(emptyAt: emptyAt, part: part, parts: parts) else {
                throw .malformed
            }
            entries.append(LimitBucket.Entry(tag: tag, state: state))
        }
        guard let bucket = LimitBucket(entries) else { throw .malformed }
        return bucket
    }
}
