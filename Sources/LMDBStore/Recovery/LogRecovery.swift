// What a start finds in the log's two segments: the frames that count, a torn last frame, or a
// reason to refuse because a frame is missing, or may be.

import Accounts
import Secrets
import Store

struct LogRecovery {
    /// The laps that were not folded, in their order; the last one goes on.
    let laps: [LogLap]
    /// Segments that hold nothing any more.
    let spare: [LogLap]
    /// The last frame ever written, as far as is known.
    let last: LogFrameID
    /// Whether there is something behind that one: the beginning of a frame that does not open, or
    /// frames that come after one that is not there.
    let isBroken: Bool
    /// Where frames begin behind the last one, whole or not.
    private let remnants: [(lap: LogLap, offsets: [Int])]

    /// Throws `LogRefusal`.
    init(_ segments: [LogSegment], of contents: Meta.Contents) throws {
        let (seal, mark) = (contents.seal, contents.mark)
        let all = try segments.map { try Self.read($0, seal, mark) }
        let folded = mark.folded.sequence
        laps = all.filter { ($0.last?.id.sequence ?? 0) > folded }
            .sorted { ($0.first?.id.sequence ?? 0) < ($1.first?.id.sequence ?? 0) }
        spare = all.filter { ($0.last?.id.sequence ?? 0) <= folded }

        var end = mark.folded
        for lap in laps {
            guard let first = lap.first, let last = lap.last else { continue }
            // The first may begin with what was folded already; no other may.
            if first.id.sequence > end.sequence || lap !== laps[0] {
                guard first.id.sequence == end.sequence + 1 else {
                    throw LogRefusal.missing(folded: end.sequence, first: first.id.sequence)
                }
                guard first.previous == end else { throw LogRefusal.otherHistory(end.sequence) }
            }
            end = last.id
        }
        guard end.sequence >= mark.reached.sequence else {
            throw LogRefusal.behind(last: end.sequence, reached: mark.reached.sequence)
        }
        let found = try all.map { try (lap: $0, offsets: Self.remnants(in: $0, seal, behind: end)) }
        isBroken =
            found.contains { !$0.offsets.isEmpty }
            || contents.isLogEndEmpty && Self.isCutShort(laps, spare, seal, behind: end)
        (last, remnants) = (end, found)
        for lap in spare { try lap.reset() }
    }

    /// Empties what is behind the last frame, durably: another start must not take it for what a
    /// crash left of frames that were written since.
    func clearRemnants() throws(LogFault) {
        for (lap, offsets) in remnants {
            // Where the next frame goes as well, whatever is there and however damaged.
            let next = lap.room > 0 && lap === laps.last || lap.isEmpty ? [lap.end] : []
            try lap.clear(Set(offsets + next).sorted())
        }
    }

    /// Reads a segment's frames from its beginning, up to the first that does not continue.
    private static func read(
        _ segment: LogSegment, _ seal: RecordSeal, _ mark: LogMark
    ) throws -> LogLap {
        let lap = LogLap(segment)
        while let (frame, head) = LogFrameReader.open(lap.unread, seal) {
            if let last = lap.last, frame.header.previous != last.id { break }
            let sequence = frame.id.sequence
            guard frame.header.fileBytes <= segment.foundBytes else {
                throw LogRefusal.cut(sequence)
            }
            for known in [mark.folded, mark.reached] where known.sequence == sequence {
                guard frame.id == known else { throw LogRefusal.otherHistory(sequence) }
            }
            do {
                try lap.adopt(frame, head, isFolded: sequence <= mark.folded.sequence)
            } catch is RecordFault {
                throw LogRefusal.unknown
            }
        }
        return lap
    }

    /// Whether there is anything where the next frame would have gone: behind the last one, where
    /// an empty sector was written with it, or at the beginning of the other segment, where there
    /// may be a frame of an earlier lap.
    ///
    /// This finds what `remnants` does not: a frame whose header has nothing left that says so.
    private static func isCutShort(
        _ laps: [LogLap], _ spare: [LogLap], _ seal: RecordSeal, behind last: LogFrameID
    ) -> Bool {
        if let lap = laps.last, lap.room > 0, !lap.unread.isEmptySector { return true }
        return spare.contains { lap in
            guard lap.end == 0, !lap.unread.isEmptySector else { return false }
            // A frame of an earlier lap opens, unless its key has gone since.
            guard let header = LogFrameHeader(lap.unread) else { return true }
            return header.sequence > last.sequence || seal.keys.recordKey(header.key) != nil
        }
    }

    /// Behind the last frame there may lie zeros, where nobody ever wrote, and what earlier laps
    /// left: their frames, and of one that was written over the rest, which begins like none.
    ///
    /// A whole frame that is newer says how many before it were in flight when it was written. One
    /// before those was on the disk: if it is not there, it was damaged. Otherwise a crash may have
    /// left the newer one without those before it, and nobody was told of either. So it is with the
    /// beginning of one that does not open; or it was answered, and damaged since: nobody can tell.
    private static func remnants(
        in lap: LogLap, _ seal: RecordSeal, behind last: LogFrameID
    ) throws(LogRefusal) -> [Int] {
        var offsets: [Int] = []
        for offset in stride(from: lap.end, to: lap.bytes.count, by: LogSegment.sectorBytes) {
            let rest = UnsafeRawBufferPointer(rebasing: lap.bytes[offset...])
            guard LogFrameHeader.mayBegin(rest, behind: last) else { continue }
            offsets.append(offset)
            guard let header = LogFrameHeader(rest), header.sequence > last.sequence,
                header.sequence - 1 > last.sequence + UInt64(header.inFlight),
                LogFrameReader.open(rest, seal) != nil
            else { continue }
            throw .hole(after: last.sequence, found: header.sequence)
        }
        return offsets
    }
}

extension LogLap {
    fileprivate var unread: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[end...])
    }
}

extension UnsafeRawBufferPointer {
    /// Whether it begins with a sector of zeros, or as much of one as there is.
    fileprivate var isEmptySector: Bool {
        prefix(LogSegment.sectorBytes).allSatisfy { $0 == 0 }
    }
}
