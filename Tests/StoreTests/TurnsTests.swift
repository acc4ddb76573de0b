// Which changes are in the next batch when several parties have some waiting, and in which order.

import Accounts
import Testing

@testable import Store

@Suite("Turns on the lane")
struct TurnsTests {
    private static let peer = Peer(uid: 1, pid: 1)

    /// So many changes of each party, numbered from 0, in the order in which the parties are told.
    private static func turns(_ waiting: [(String, Int)]) throws -> WriterLane.Turns {
        var turns = WriterLane.Turns()
        for (party, count) in waiting { try add(count, of: party, from: 0, to: &turns) }
        return turns
    }

    private static func add(
        _ count: Int, of party: String, from first: Int, to turns: inout WriterLane.Turns
    ) throws {
        let app = try #require(AppName(party))
        for number in first..<(first + count) {
            let label = EventLabel(op: party, peer: peer, reason: String(number))
            let change = EventChange(of: nil, now: Instant(seconds: 0), label: label)
            turns.append(.event(change) { _ in }, of: .app(app))
        }
    }

    /// Each run of a party's neighbours, as `a0-3`.
    private static func runs(_ batch: WriterLane.Submissions) throws -> String {
        var runs: [(party: String, first: Int, last: Int)] = []
        for change in batch.changes {
            guard case .event(let event) = change else { continue }
            let number = try #require(event.label.reason.flatMap { Int($0) })
            if let run = runs.last, run.party == event.label.op, run.last == number - 1 {
                runs[runs.count - 1].last = number
            } else {
                runs.append((event.label.op, number, number))
            }
        }
        return runs.map {
            $0.first == $0.last
                ? "\($0.party)\($0.first)"
                : "\($0.party)\($0.first)-\($0.last)"
        }.joined(separator: " ")
    }

    /// All batches, one after the other.
    private static func batches(
        _ turns: inout WriterLane.Turns, atMost countMax: Int
    ) throws -> [String] {
        var batches: [String] = []
        while !turns.isEmpty {
            let before = turns.count
            var batch = WriterLane.Submissions()
            turns.takeBatch(&batch, atMost: countMax)
            #expect(batch.count == min(before, countMax) && turns.count == before - batch.count)
            batches.append(try runs(batch))
        }
        return batches
    }

    @Test(
        "give each party an equal share of a batch, and what one leaves to the others",
        arguments: [
            ([], []),
            ([("a", 3)], ["a0-2"]),
            ([("a", 10)], ["a0-9"]),
            ([("a", 11)], ["a0-9", "a10"]),
            ([("a", 3), ("b", 3)], ["a0-2 b0-2"]),
            ([("a", 20), ("b", 1)], ["a0-4 b0 a5-8", "a9-18", "a19"]),
            ([("a", 8), ("b", 8)], ["a0-4 b0-4", "a5-7 b5-7"]),
            (
                [("a", 20), ("b", 2), ("c", 20)],
                [
                    "a0-2 b0-1 c0-4", "a3-7 c5-9", "a8-12 c10-14",
                    "a13-17 c15-19", "a18-19",
                ]
            ),
            // More parties than a batch has room for.
            (
                [
                    ("a", 2), ("b", 1), ("c", 1), ("d", 1), ("e", 1), ("f", 1), ("g", 1), ("h", 1),
                    ("i", 1), ("j", 1), ("k", 1), ("l", 1),
                ],
                ["a0 b0 c0 d0 e0 f0 g0 h0 i0 j0", "k0 l0 a1"]
            ),
        ] as [([(String, Int)], [String])])
    func shares(waiting: [(String, Int)], expected: [String]) throws {
        var turns = try Self.turns(waiting)
        #expect(try Self.batches(&turns, atMost: 10) == expected)
    }

    @Test("cost whoever comes late one batch, however many wait before")
    func late() throws {
        var turns = try Self.turns([("a", 8000), ("c", 8000)])
        var batch = WriterLane.Submissions()
        turns.takeBatch(&batch, atMost: 1000)
        try Self.add(1, of: "b", from: 0, to: &turns)
        batch = WriterLane.Submissions()
        turns.takeBatch(&batch, atMost: 1000)
        #expect(try Self.runs(batch) == "a500-832 c500-832 b0 a833-998 c833-999")
    }

    @Test("keep the order within a party when what one list has goes behind another's")
    func joined() throws {
        var turns = try Self.turns([("a", 2), ("b", 1)])
        var more = WriterLane.Turns()
        try Self.add(1, of: "c", from: 0, to: &more)
        try Self.add(2, of: "a", from: 2, to: &more)
        turns.take(&more)
        #expect(more.isEmpty && more.parties == 0)
        #expect(turns.count == 6 && turns.parties == 3)
        #expect(try Self.batches(&turns, atMost: 6) == ["a0-1 b0 c0 a2-3"])
    }

    @Test("know when everything that was there at a moment is gone")
    func marks() throws {
        var turns = try Self.turns([("a", 4), ("b", 1)])
        turns.mark()
        #expect(turns.marked == 5)
        try Self.add(3, of: "b", from: 1, to: &turns)
        var marked: [Int] = []
        while !turns.isEmpty {
            var batch = WriterLane.Submissions()
            turns.takeBatch(&batch, atMost: 2)
            marked.append(turns.marked)
        }
        // a0 b0, a1 b1, a2 b2, a3 b3
        #expect(marked == [3, 2, 1, 0])
    }
}
