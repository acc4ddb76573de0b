// Blocks of one lane that follow each other, and the number over all lanes that their first event
// has. A run is sealed, so that none can be changed or moved.

import Secrets
import Store

struct NumberedRun: Equatable {
    /// Over all lanes, from 1.
    let first: Int64
    let lane: Int64
    /// Of the lane.
    let event: Int64
    var count: Int64

    private static let version: UInt8 = 1

    /// Runs of blocks, numbered from `first` on in their order.
    static func runs(
        from first: Int64, _ blocks: [(lane: Int64, first: Int64, count: Int64)]
    ) -> [NumberedRun] {
        var runs: [NumberedRun] = []
        var next = first
        for block in blocks {
            if let last = runs.last, last.lane == block.lane, last.event + last.count == block.first
            {
                runs[runs.count - 1].count += block.count
            } else {
                runs.append(
                    NumberedRun(
                        first: next, lane: block.lane, event: block.first, count: block.count))
            }
            next += block.count
        }
        return runs
    }

    func sealed(_ seal: RowSeal) -> [UInt8] {
        var writer = RecordWriter(reserving: 24)
        writer.append(lane)
        writer.append(event)
        writer.append(count)
        return seal.seal(
            writer, version: Self.version, in: .numbers, at: Parameter.int64(first))
    }

    /// Whether a row says what it was sealed with.
    func isSealed(_ sealed: [UInt8], _ seal: RowSeal) -> Bool {
        do throws(RecordFault) {
            return try seal.withOpened(
                sealed, versions: Self.version...Self.version, in: .numbers,
                at: Parameter.int64(first)
            ) { plain, _ throws(RecordFault) in
                var reader = RecordReader(plain)
                let found = NumberedRun(
                    first: first, lane: try reader.read(), event: try reader.read(),
                    count: try reader.read())
                try reader.finish()
                return found == self
            }
        } catch {
            return false
        }
    }
}
