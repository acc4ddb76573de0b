// One generation of a segment: frames one after the other, and where in them the newest records
// are. Once it is full it is only read, until everything in it is folded into LMDB.

import Accounts
import Secrets
import Store

final class LogLap {
    let segment: LogSegment
    /// Where its newest records are.
    let newest = LogIndexes()
    /// Where the next frame goes.
    private(set) var end = 0
    /// The first frame, and the one before that; nil in an empty lap.
    private(set) var first: (id: LogFrameID, previous: LogFrameID)?
    /// The last frame, and where the chain of events ended with it.
    private(set) var last: (id: LogFrameID, head: EventHead)?
    /// Places from which on all events are later than `sequence`, one in about 64 KiB: an event is
    /// found without reading all of the lap.
    private(set) var marks: [(offset: Int, sequence: UInt64)] = [(0, 0)]
    private static let bytesPerMark = 64 << 10
    /// The first frame of the lap behind this one, which is on the disk; none when there is none.
    /// Set before the lap is given to the fold thread.
    var successor = LogFrameID.none

    /// What its fold found no place for. Set by the fold thread before it says that it has ended.
    var leftovers = Leftovers()

    init(_ segment: LogSegment) { self.segment = segment }

    var isEmpty: Bool { last == nil }
    var bytes: UnsafeRawBufferPointer { segment.bytes }
    var room: Int { segment.bytes.count - end }

    /// Records whose newest state is here.
    var recordCount: Int { newest.count }

    func records(of id: RecordID) -> LoggedRecords { LoggedRecords(newest.accounts[id], in: bytes) }
    func bucket(_ id: RecordID) -> Logged { Logged(newest.buckets[id].one, in: bytes) }

    /// Writes a frame, and knows of it from then on. It is not flushed.
    ///
    /// - Parameter frame: with the empty sector behind it, which the next one writes over, and for
    ///   which there need be no room.
    func append(
        _ frame: UnsafeRawBufferPointer, _ id: LogFrameID, after previous: LogFrameID,
        _ head: EventHead, _ changed: LogIndexes
    ) throws(LogFault) {
        let start = end
        let written = min(frame.count, room)
        try segment.write(UnsafeRawBufferPointer(rebasing: frame[..<written]), at: start)
        newest.update(changed, movedBy: start)
        end = start + frame.count - LogSegment.sectorBytes
        if first == nil { first = (id, previous) }
        last = (id, head)
        mark(head)
    }

    private func mark(_ head: EventHead) {
        guard end - marks[marks.count - 1].offset >= Self.bytesPerMark else { return }
        marks.append((end, head.sequence))
    }

    /// What an account in a full log takes, about: a verify and its event. A table that was made
    /// for too few grows.
    private static let bytesPerAccount = 256

    /// Takes in a frame that recovery found at `end`.
    func adopt(_ frame: LogFrameReader, _ head: EventHead, isFolded: Bool) throws {
        if !isFolded {
            let accounts = newest.accounts
            if accounts.count == 0 { accounts.reserve(bytes.count / Self.bytesPerAccount) }
            try frame.forEach { entry in
                switch entry.table {
                case .factors, .guards: accounts.prefetch(RecordID(entry.key))
                case .limits, .apps, .events, .meta: break
                }
            }
            try frame.forEach { entry in
                switch entry.table {
                case .factors, .guards, .limits, .apps:
                    newest.update(entry.table, RecordID(entry.key), entry.place.moved(by: end))
                case .events: break
                case .meta: throw RecordFault.malformed
                }
            }
        }
        end += LogFrame.footprint(frame.header.length)
        if first == nil { first = (frame.id, frame.header.previous) }
        last = (frame.id, head)
        mark(head)
    }

    /// Empties sectors behind the end, where something begins that no lap has: durably.
    func clear(_ offsets: [Int]) throws(LogFault) {
        precondition(offsets.allSatisfy { $0 >= end }, "what a lap holds stays until it is folded")
        let empty = [UInt8](repeating: 0, count: LogSegment.sectorBytes)
        for offset in offsets {
            try empty.withBytes { bytes throws(LogFault) in try segment.write(bytes, at: offset) }
        }
        if !offsets.isEmpty { try segment.flush() }
    }

    /// Forgets what was folded; the segment is written from its beginning again, and is as long as
    /// the fold thread has made it meanwhile.
    func reset() throws(LogFault) {
        try segment.remap()
        newest.removeAll()
        end = 0
        (first, last) = (nil, nil)
        marks = [(0, 0)]
        successor = .none
        leftovers = Leftovers()
    }
}

extension RecordID {
    /// From a record's key.
    init(_ key: UnsafeRawBufferPointer) {
        self.init(
            high: UInt64(bigEndian: key.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: key.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
}
