// Follows the events of each lane from the first to where its row says that they end, and the
// numbers that they have over all lanes.

import Accounts
import Store

struct EventCheck {
    private let view: DatabaseView
    private let seal: RowSeal
    private let job: Job
    /// The last event of each lane.
    private var ends: [Int64: Int64] = [:]

    init(_ view: DatabaseView, _ seal: RowSeal, _ job: Job) {
        (self.view, self.seal, self.job) = (view, seal, job)
    }

    mutating func run(_ report: inout CheckReport) throws(DatabaseFault) {
        let lanes = try view.all(CheckStatements.lanes.with())
        for row in 0..<lanes.count where !job.isCancelled {
            try checkLane(lanes, row, &report)
        }
        let foreign = try view.all(CheckStatements.foreignBlocks.with()).int64(0, 0)
        if foreign > 0 { report.add(problem: "\(foreign) blocks of events belong to no lane") }
        if !job.isCancelled { try checkNumbers(&report) }
    }

    private mutating func checkLane(
        _ lanes: Reply, _ row: Int, _ report: inout CheckReport
    ) throws(DatabaseFault) {
        let (lane, batches) = (try lanes.int64(row, 0), try lanes.int64(row, 1))
        let sealed = try lanes.record(row, 2)
        var chain = EventChain()
        try view.forEach(
            CheckStatements.blocks, from: [Parameter.int64(lane), Parameter.int64(0)],
            key: { page, row throws(DatabaseFault) in
                [Parameter.int64(lane), Parameter.int64(try page.int64(row, 1))]
            }
        ) { page, row throws(DatabaseFault) in
            let block = BlockRow(
                lane: lane, first: try page.int64(row, 1), count: try page.int64(row, 2),
                sealed: try page.record(row, 3))
            check(block, &chain, &report)
            job.advance()
            return !job.isCancelled
        }
        guard !job.isCancelled else { return }
        ends[lane] = Int64(clamping: chain.lastSequence)
        do throws(RecordFault) {
            let end = try LaneEnd.open(sealed, of: lane, seal)
            guard end.batches == batches else { throw .malformed }
            chain.end(at: end.head, &report)
        } catch {
            report.add(problem: "the row of lane \(lane): \(error)")
        }
    }

    private func check(_ block: BlockRow, _ chain: inout EventChain, _ report: inout CheckReport) {
        do throws(RecordFault) {
            _ = try block.events(from: 1, seal)
            try block.withOpened(seal) { plain, version in
                chain.follow(plain, version: version, &report)
            }
        } catch {
            report.add(problem: "events of lane \(block.lane) from \(block.first) on: \(error)")
        }
    }

    /// Numbers have no gaps, neither over all lanes nor in one; what was not looked at since has
    /// none yet.
    private func checkNumbers(_ report: inout CheckReport) throws(DatabaseFault) {
        var next: Int64 = 1
        var events: [Int64: Int64] = [:]
        try view.forEach(
            CheckStatements.numbers, from: [Parameter.int64(0)],
            key: { page, row throws(DatabaseFault) in [Parameter.int64(try page.int64(row, 0))] }
        ) { page, row throws(DatabaseFault) in
            let run = NumberedRun(
                first: try page.int64(row, 0), lane: try page.int64(row, 1),
                event: try page.int64(row, 2), count: try page.int64(row, 3))
            let last = run.event + run.count - 1
            let isInPlace = run.first == next && run.event == events[run.lane, default: 0] + 1
            let isSealed = run.isSealed(try page.record(row, 4), seal)
            if !isInPlace || !isSealed || last > ends[run.lane, default: 0] {
                report.add(problem: "the numbers of events from \(run.first) on are wrong")
            }
            next = run.first + run.count
            events[run.lane] = last
            return !job.isCancelled
        }
    }
}
