// What a lane's row says of itself, sealed: how many batches it has kept, and where the chain of
// its events ends.

import Secrets
import Store

struct LaneEnd: Equatable {
    /// Kept so far, also those without an event: it says of each whether it was kept.
    var batches: Int64
    var head: EventHead

    static let none = LaneEnd(batches: 0, head: .empty)
    private static let version: UInt8 = 1

    func sealed(for lane: Int64, _ seal: RowSeal) -> [UInt8] {
        var writer = RecordWriter(reserving: 48)
        writer.append(batches)
        writer.append(head.sequence)
        writer.append(fixed: head.hash)
        return seal.seal(writer, version: Self.version, in: .lanes, at: Parameter.int64(lane))
    }

    static func open(
        _ sealed: [UInt8], of lane: Int64, _ seal: RowSeal
    ) throws(RecordFault) -> LaneEnd {
        try seal.withOpened(
            sealed, versions: version...version, in: .lanes, at: Parameter.int64(lane)
        ) { plain, _ throws(RecordFault) in
            var reader = RecordReader(plain)
            let batches: Int64 = try reader.read()
            let head = EventHead(sequence: try reader.read(), hash: try reader.read(fixed: 32))
            try reader.finish()
            return LaneEnd(batches: batches, head: head)
        }
    }
}
