// A block of a lane's events as a row: its key is the lane and the number that its first event has
// in the lane.

import Accounts
import Secrets
import Store

struct BlockRow {
    let lane: Int64
    let first: Int64
    let count: Int64
    let sealed: [UInt8]

    private static func key(_ lane: Int64, _ first: Int64) -> [UInt8] {
        Parameter.int64(lane) + Parameter.int64(first)
    }

    /// Lends the bytes that the chain of the lane's events hashes.
    func withOpened<Result>(
        _ seal: RowSeal,
        _ body: (UnsafeRawBufferPointer, _ version: UInt8) throws(RecordFault) -> Result
    ) throws(RecordFault) -> Result {
        // The first that any row has had.
        try seal.withOpened(
            sealed, versions: 3...EventRecord.version, in: .blocks,
            at: Self.key(lane, first), body)
    }

    /// Its events by the numbers that they have over all lanes.
    ///
    /// - Parameter number: of the first.
    func events(from number: UInt64, _ seal: RowSeal) throws(RecordFault) -> EventBlock {
        let block = try withOpened(seal) { plain, version throws(RecordFault) in
            try EventRecord.decode(plain, version: version)
        }
        guard block.events.count == count, block.events[0].sequence == first else {
            throw .malformed
        }
        let events = block.events.enumerated().map { index, event in
            Event(
                sequence: number + UInt64(index), at: event.at, app: event.app, user: event.user,
                label: event.label, result: event.result, method: event.method,
                alert: event.alert)
        }
        return EventBlock(previous: block.previous, events: events)
    }
}

extension BlockRow {
    /// The next block of a lane.
    init(_ events: EventBlockWriter, of lane: Int64, _ seal: RowSeal) {
        self.lane = lane
        first = Int64(events.first)
        count = Int64(events.count)
        sealed = events.withBytes {
            seal.seal(
                $0, version: EventRecord.version, in: .blocks,
                at: Self.key(lane, Int64(events.first))
            )
        }
    }
}
