// The events from a position on, by their numbers over all lanes.

import Store

enum EventLook {
    /// A slice takes 64 blocks or fewer.
    private static let blocksMax: Int64 = 64

    /// - Parameter kept: the first event that has a number and the last: what is missing between
    ///   them is told of.
    static func slice(
        _ position: EventPosition, atMost count: Int, of kept: (first: UInt64, last: UInt64),
        _ connection: Connection, _ seal: RowSeal, by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> EventSlice {
        let (statement, sequence) =
            switch position {
            case .after(let sequence): (LookStatements.blocksAfter, sequence)
            case .before(let sequence): (LookStatements.blocksBefore, sequence)
            }
        // No event has a number that is larger.
        let number = Int64(clamping: min(sequence, UInt64(Int64.max - 1)))
        let call = statement.with(Parameter.int64(number), Parameter.int64(blocksMax))
        let found = try connection.run([call], by: deadline)[0]
        let all = kept.first <= kept.last ? kept.first...kept.last : nil
        var slice = EventSlice(position, of: all)
        for row in 0..<found.count {
            let first = UInt64(try found.int64(row, 0))
            let block = BlockRow(
                lane: try found.int64(row, 1), first: try found.int64(row, 2),
                count: try found.int64(row, 3), sealed: try found.record(row, 4))
            guard
                slice.take(opened(block, first, seal), first: first, position, atMost: count)
            else { break }
        }
        if found.count < blocksMax { slice.endOfAll(position) }
        return slice
    }

    /// Nil when it does not open.
    private static func opened(
        _ block: BlockRow, _ number: UInt64, _ seal: RowSeal
    ) -> EventBlock? {
        do throws(RecordFault) {
            return try block.events(from: number, seal)
        } catch {
            return nil
        }
    }
}
