// One batch in the log: a header, the changed records as they were sealed, and a seal over all of
// it. The seal and the tag of the frame before tell a frame from a torn, stale or foreign one.
//
//     0  "totpdlog"          8 bytes
//     8  version             1, then 2 of zeros
//    11  frames in flight    1
//    12  record key id       4
//    16  sequence            8
//    24  bytes in the frame  4, header and seal included
//    28  bytes of the file   4: a file that is shorter now was cut
//    32  tag of the frame before, wherever that is   16
//    48  entries: table (1) ‖ key (16, of an event 8) ‖ bytes (2) ‖ sealed record
//        seal: nonce ‖ sealed end of the chain of events ‖ tag, over all that comes before
//
// An entry without bytes says that the record is gone. Numbers are big-endian.
//
// Frames in flight are those right before this one that were not known to be on the disk when it
// was written: so many may be missing after a crash, and nobody had an answer of theirs.
//
// Frames begin at whole sectors, and behind the last one there is an empty sector, where there is
// room for it: that is how a frame is missed whose header says nothing any more.

import Accounts
import Secrets
import Store

enum LogFrame {
    static let magic = Array("totpdlog".utf8)
    static let version: UInt8 = 1
    static let headerBytes = 48
    static let tagBytes = SealingKey.tagBytes
    static let headBytes = 40
    static let sealBytes = headBytes + SealingKey.overhead
    static let bytesMin = headerBytes + sealBytes
    static let inFlightOffset = 11
    static let sequenceOffset = 16
    static let lengthOffset = 24
    static let fileBytesOffset = 28
    static let previousOffset = 32

    /// Whole sectors: what a frame takes of its segment.
    static func footprint(_ bytes: Int) -> Int {
        (bytes + LogSegment.sectorBytes - 1) / LogSegment.sectorBytes * LogSegment.sectorBytes
    }
}

extension Table {
    /// How long its keys are in the log.
    var keyBytes: Int { self == .events ? 8 : 16 }
}
