// Events have numbers in their lane from the first, and one over all lanes from whoever looks
// first. So nobody waits in one queue who only logs in, and numbers have no gaps and never change.

import Store

enum Numbering {
    /// Blocks that get numbers in one transaction.
    private static let blocksMax: Int64 = 10_000

    /// Numbers what has none, and returns the first number and the last.
    static func run(
        _ connection: Connection, _ seal: RowSeal, by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> (first: UInt64, last: UInt64) {
        let unnumbered = LookStatements.unnumbered.with(Parameter.int64(blocksMax))
        // Each pass numbers something, or there is nothing left.
        while true {
            let found = try connection.run(
                [LookStatements.numbered.with(), unnumbered], by: deadline)
            guard found[1].count > 0 else {
                return (UInt64(try found[0].int64(0, 0)), UInt64(try found[0].int64(0, 1)))
            }
            try number(connection, seal, by: deadline)
        }
    }

    /// The first number and the last, and what has none keeps none.
    static func known(
        _ connection: Connection, by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) -> (first: UInt64, last: UInt64) {
        let found = try connection.run([LookStatements.numbered.with()], by: deadline)[0]
        return (UInt64(try found.int64(0, 0)), UInt64(try found.int64(0, 1)))
    }

    private static func number(
        _ connection: Connection, _ seal: RowSeal, by deadline: ContinuousClock.Instant
    ) throws(DatabaseFault) {
        // What was read before the lock is had, somebody else may have numbered.
        _ = try connection.run(
            [LaneStatements.begin, LookStatements.lockNumbers.with()], by: deadline)
        let found = try connection.run(
            [
                LookStatements.numbered.with(),
                LookStatements.unnumbered.with(Parameter.int64(blocksMax)),
            ], by: deadline)
        var blocks: [(lane: Int64, first: Int64, count: Int64)] = []
        for row in 0..<found[1].count {
            blocks.append(
                (try found[1].int64(row, 0), try found[1].int64(row, 1), try found[1].int64(row, 2))
            )
        }
        let runs = NumberedRun.runs(from: try found[0].int64(0, 1) + 1, blocks)
        let number = LookStatements.number.with(
            Parameter.array(of: runs.map(\.first)), Parameter.array(of: runs.map(\.lane)),
            Parameter.array(of: runs.map(\.event)), Parameter.array(of: runs.map(\.count)),
            Parameter.array(of: runs.map { $0.sealed(seal) }))
        _ = try connection.commit([number], by: deadline)
    }
}
