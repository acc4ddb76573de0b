// How far a change of record keys has come, as the store keeps it. It is written in the transaction
// that it describes, so it is never ahead of the disk.

import Store

struct RotationProgress: Equatable {
    /// Whether the log holds nothing any more that an older key has sealed. Until then nothing is
    /// sealed anew: a fold would bring back what was.
    var isLogClear = false
    /// What comes before it was sealed anew.
    var cursor = RecordCursor.start
    /// Records that were looked at.
    var done: UInt64 = 0

    init() {}

    init(_ reader: inout RecordReader) throws(RecordFault) {
        isLogClear = try reader.readFlag()
        done = try reader.read()
        cursor = try RecordCursor(&reader)
    }

    func write(to writer: inout RecordWriter) {
        writer.append(UInt8(isLogClear ? 1 : 0))
        writer.append(done)
        cursor.write(to: &writer)
    }
}
