// What a frame says of itself before it is opened. Nothing has authenticated yet: a length may be
// wrong, and is only checked against the bytes that are there.

import Secrets

struct LogFrameHeader {
    let key: KeyID
    let sequence: UInt64
    let length: Int
    /// How many frames right before this one may not have been on the disk when it was written.
    let inFlight: Int
    /// How long the file was that it was written to.
    let fileBytes: Int
    /// The frame before this one.
    let previous: LogFrameID

    /// Nil when there is no frame at the beginning of `bytes`.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= LogFrame.bytesMin,
            bytes[..<8].elementsEqual(LogFrame.magic), bytes[8] == LogFrame.version
        else { return nil }
        key = KeyID(
            rawValue: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self)))
        sequence = UInt64(
            bigEndian: bytes.loadUnaligned(
                fromByteOffset: LogFrame.sequenceOffset, as: UInt64.self))
        inFlight = Int(bytes[LogFrame.inFlightOffset])
        length = Int(
            UInt32(
                bigEndian: bytes.loadUnaligned(
                    fromByteOffset: LogFrame.lengthOffset, as: UInt32.self)))
        fileBytes = Int(
            UInt32(
                bigEndian: bytes.loadUnaligned(
                    fromByteOffset: LogFrame.fileBytesOffset, as: UInt32.self)))
        let tag = bytes[LogFrame.previousOffset..<LogFrame.headerBytes]
        previous = LogFrameID(sequence: sequence &- 1, tag: Array(tag))
        guard length >= LogFrame.bytesMin, length <= bytes.count else { return nil }
    }

    /// Whether a frame newer than `last` begins here, though it may be damaged: it is called a
    /// frame and has a later number, or it names `last` as the one before it. Damage has to reach
    /// both to hide it; and nothing older has either.
    static func mayBegin(_ bytes: UnsafeRawBufferPointer, behind last: LogFrameID) -> Bool {
        guard bytes.count >= LogFrame.headerBytes else { return false }
        let tag = bytes[LogFrame.previousOffset..<LogFrame.headerBytes]
        // Nothing comes before the first frame: its tag is like what nobody ever wrote.
        if last != .none, tag.elementsEqual(last.tag) { return true }
        guard bytes[..<8].elementsEqual(LogFrame.magic) else { return false }
        let sequence = bytes.loadUnaligned(
            fromByteOffset: LogFrame.sequenceOffset, as: UInt64.self)
        return UInt64(bigEndian: sequence) > last.sequence
    }
}
