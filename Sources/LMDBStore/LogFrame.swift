// One batch as the log holds it: a header, the records it changed as they were sealed, and a seal
// over all of it. A frame that is torn, stale, or anybody else's must never be taken for one.
//
//     0  "totpdlog"          8 bytes
//     8  version             1, then 3 of zeros
//    12  record key id       4
//    16  sequence            8
//    24  bytes in the frame  4, header and seal included
//    28  zeros               4
//    32  entries: table (1) ‖ key (16, of an event 8) ‖ bytes (2) ‖ sealed record
//        seal: nonce ‖ sealed end of the chain of events ‖ tag, over all that comes before
//
// An entry without bytes says that the record is gone. Numbers are big-endian.

import Accounts
import Secrets
import Store

enum LogFrame {
    static let magic = Array("totpdlog".utf8)
    static let version: UInt8 = 1
    static let headerBytes = 32
    static let headBytes = 40
    static let sealBytes = headBytes + SealingKey.overhead
    static let bytesMin = headerBytes + sealBytes
    static let lengthOffset = 24

    /// Whole sectors: what a frame takes of its segment.
    static func footprint(_ bytes: Int) -> Int {
        (bytes + LogSegment.sectorBytes - 1) / LogSegment.sectorBytes * LogSegment.sectorBytes
    }
}

/// Builds a frame. Kept from batch to batch, so that its memory is.
struct LogFrameWriter {
    private(set) var bytes: [UInt8] = []
    private let seal: RecordSeal

    init(seal: RecordSeal) {
        self.seal = seal
        bytes.reserveCapacity(64 << 10)
    }

    var isEmpty: Bool { bytes.count <= LogFrame.headerBytes }

    mutating func begin(_ sequence: UInt64) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: LogFrame.magic)
        bytes.append(LogFrame.version)
        bytes.append(contentsOf: [0, 0, 0])
        append(seal.keys.records[0].id.rawValue)
        append(sequence)
        append(UInt64(0))
    }

    /// Seals a record into the frame. Returns its place there.
    mutating func put(
        _ plain: UnsafeRawBufferPointer, version: UInt8, in table: Table,
        at key: UnsafeRawBufferPointer
    ) -> LogPlace {
        let place = beginEntry(table, key)
        seal.seal(plain, version: version, in: table, at: key, appendingTo: &bytes)
        let count = bytes.count - Int(place.offset) - LogPlace.lengthBytes
        precondition(count <= UInt16.max, "a record longer than an entry can say")
        bytes[Int(place.offset)] = UInt8(count >> 8)
        bytes[Int(place.offset) + 1] = UInt8(truncatingIfNeeded: count)
        return place
    }

    /// Notes that a record is gone. Returns the note's place in the frame.
    mutating func delete(in table: Table, at key: UnsafeRawBufferPointer) -> LogPlace {
        beginEntry(table, key)
    }

    private mutating func beginEntry(_ table: Table, _ key: UnsafeRawBufferPointer) -> LogPlace {
        precondition(key.count == table.keyBytes)
        bytes.append(table.rawValue)
        bytes.append(contentsOf: key)
        let place = LogPlace(offset: UInt32(bytes.count))
        bytes.append(0)
        bytes.append(0)
        return place
    }

    /// Seals the frame, and fills it up to whole sectors.
    mutating func end(_ head: EventHead) {
        let length = UInt32(bytes.count + LogFrame.sealBytes)
        withUnsafeBytes(of: length.bigEndian) {
            bytes.replaceSubrange(LogFrame.lengthOffset..<(LogFrame.lengthOffset + 4), with: $0)
        }
        var plain = RecordWriter(reserving: LogFrame.headBytes)
        plain.append(head.sequence)
        plain.append(fixed: head.hash)
        // A copy, because what is authenticated must hold still while the seal is appended.
        var sealed: [UInt8] = []
        bytes.withUnsafeBytes { frame in
            plain.bytes.withUnsafeBytes { plain in
                seal.keys.records[0].sealing.seal(
                    plain, associatedData: frame, appendingTo: &sealed)
            }
        }
        bytes.append(contentsOf: sealed)
        let padding = LogFrame.footprint(bytes.count) - bytes.count
        bytes.append(contentsOf: repeatElement(0, count: padding))
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

/// Where in a frame or a segment a record's bytes are, after their number. Zero is no place: a
/// header is there.
struct LogPlace: Equatable {
    static let nowhere = LogPlace(offset: 0)
    static let lengthBytes = 2
    let offset: UInt32

    var isSomewhere: Bool { offset != 0 }

    func moved(by distance: Int) -> LogPlace { LogPlace(offset: offset + UInt32(distance)) }

    /// The record's bytes, or nil when the entry says that it is gone.
    func record(in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let start = Int(offset)
        let count = Int(bytes[start]) << 8 | Int(bytes[start + 1])
        guard count > 0 else { return nil }
        return UnsafeRawBufferPointer(
            rebasing: bytes[(start + Self.lengthBytes)..<(start + Self.lengthBytes + count)])
    }
}

extension Table {
    /// How long its keys are in the log.
    var keyBytes: Int { self == .events ? 8 : 16 }
}
