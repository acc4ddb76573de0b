// One filling of a segment: frames one after the other, and where in them the newest records are.
// Once it is full it is only read, until everything in it is folded into LMDB.

import Accounts
import Secrets
import Store

final class LogLap {
    let segment: LogSegment
    let places = LogIndex()
    /// Of limits' buckets.
    let buckets = LogIndex()
    /// Of apps.
    let apps = LogIndex()
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
    /// Set before the lap is given to the folder.
    var successor = LogFrameID.none

    /// What its fold found no place for. Set by the folder before it says that it has ended.
    var leftovers = Leftovers()

    init(_ segment: LogSegment) { self.segment = segment }

    var isEmpty: Bool { last == nil }
    var bytes: UnsafeRawBufferPointer { segment.bytes }
    var room: Int { segment.bytes.count - end }

    /// Records whose newest state is here.
    var recordCount: Int { places.count + buckets.count + apps.count }

    func prefetch(_ id: RecordID) { places.prefetch(id) }
    func records(of id: RecordID) -> LoggedRecords { LoggedRecords(places[id], in: bytes) }
    func bucket(_ id: RecordID) -> Logged { Logged(buckets[id].one, in: bytes) }

    /// Writes a frame, and knows of it from then on. It is not flushed.
    ///
    /// - Parameter frame: with the empty sector behind it, which the next one writes over, and for
    ///   which there need be no room.
    func append(
        _ frame: UnsafeRawBufferPointer, _ id: LogFrameID, after previous: LogFrameID,
        _ head: EventHead, _ changed: ChangedPlaces
    ) throws(LogFault) {
        let start = end
        let written = min(frame.count, room)
        try segment.write(UnsafeRawBufferPointer(rebasing: frame[..<written]), at: start)
        changed.accounts.forEach { places.update($0, $1.moved(by: start)) }
        changed.buckets.forEach { buckets.update($0, $1.moved(by: start)) }
        changed.apps.forEach { apps.update($0, $1.moved(by: start)) }
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
            if places.count == 0 { places.reserve(bytes.count / Self.bytesPerAccount) }
            try frame.forEach { entry in
                switch entry.table {
                case .factors, .guards: places.prefetch(RecordID(entry.key))
                case .limits, .apps, .events, .meta: break
                }
            }
            try frame.forEach { entry in
                let place = entry.place.moved(by: end)
                switch entry.table {
                case .factors: places.update(RecordID(entry.key), RecordPlaces(factor: place))
                case .guards: places.update(RecordID(entry.key), RecordPlaces(guard: place))
                case .limits: buckets.update(RecordID(entry.key), RecordPlaces(one: place))
                case .apps: apps.update(RecordID(entry.key), RecordPlaces(one: place))
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
    /// the folder has made it meanwhile.
    func reset() throws(LogFault) {
        try segment.remap()
        places.removeAll()
        buckets.removeAll()
        apps.removeAll()
        end = 0
        (first, last) = (nil, nil)
        marks = [(0, 0)]
        successor = .none
        leftovers = Leftovers()
    }
}

/// Where in its frame the records are that a batch has changed.
struct ChangedPlaces {
    let accounts: LogIndex
    /// Of limits.
    let buckets: LogIndex
    let apps: LogIndex
}

/// What a part of the log knows of one record.
enum Logged {
    /// Nothing: what is older counts.
    case nothing
    case gone
    case record(UnsafeRawBufferPointer)

    init(_ place: LogPlace, in bytes: UnsafeRawBufferPointer) {
        if !place.isSomewhere {
            self = .nothing
        } else if let record = place.record(in: bytes) {
            self = .record(record)
        } else {
            self = .gone
        }
    }

    var isNothing: Bool {
        if case .nothing = self { return true }
        return false
    }

    func or(_ older: Logged) -> Logged {
        if case .nothing = self { return older }
        return self
    }

    /// The record, where this says something of it, and otherwise the older one.
    func or(_ older: UnsafeRawBufferPointer?) -> UnsafeRawBufferPointer? {
        switch self {
        case .nothing: return older
        case .gone: return nil
        case .record(let bytes): return bytes
        }
    }
}

struct LoggedRecords {
    static var nothing: LoggedRecords { LoggedRecords(factor: .nothing, guard: .nothing) }
    let factor: Logged
    let `guard`: Logged

    init(_ places: RecordPlaces, in bytes: UnsafeRawBufferPointer) {
        factor = Logged(places.factor, in: bytes)
        `guard` = Logged(places.guard, in: bytes)
    }

    private init(factor: Logged, guard: Logged) {
        self.factor = factor
        self.guard = `guard`
    }

    func or(_ older: LoggedRecords) -> LoggedRecords {
        LoggedRecords(factor: factor.or(older.factor), guard: `guard`.or(older.guard))
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
