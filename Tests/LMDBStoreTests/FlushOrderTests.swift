// Which frames are on the disk while flushes overlap: cases by hand, and any order of beginnings
// and ends against the rule said in the plainest way.

import SeededRandom
import Testing

@testable import LMDBStore

@Suite("The order of flushes")
struct FlushOrderTests {
    private static func position(_ frame: UInt64) -> FlushOrder.Position {
        .init(frame: frame, event: 10 * frame)
    }

    /// `w` writes the next frame, `b` begins a flush, and a digit ends the flush of that number.
    private static func flushed(after steps: String) -> [UInt64] {
        var order = FlushOrder(at: position(0))
        var flushes: [FlushOrder.Flush] = []
        return steps.map { step in
            switch step {
            case "w": order.wrote(position(order.written.frame + 1))
            case "b": flushes.append(order.begin())
            default: order.end(flushes[(step.wholeNumberValue ?? 0) - 1])
            }
            #expect(order.flushed == position(order.flushed.frame))
            return order.flushed.frame
        }
    }

    @Test(
        "counts what was written before a flush began, once all that began earlier have ended",
        arguments: [
            ("wb1", [0, 0, 1]),
            // What is written during a flush is for the next one.
            ("wbw1b2", [0, 0, 0, 1, 1, 2]),
            // A flush takes all that waits.
            ("wwwb1", [0, 0, 0, 0, 3]),
            // The second one is first at its end, and waits for the first.
            ("wbwb21", [0, 0, 0, 0, 0, 2]),
            ("wbwbwb312", [0, 0, 0, 0, 0, 0, 0, 1, 3]),
            ("wbwbwb231", [0, 0, 0, 0, 0, 0, 0, 0, 3]),
            // The last one never ends.
            ("wbwbwb21", [0, 0, 0, 0, 0, 0, 0, 2]),
        ] as [(String, [UInt64])])
    func cases(steps: String, expected: [UInt64]) {
        #expect(Self.flushed(after: steps) == expected)
    }

    @Test("knows what no flush covers, and how much is in flight")
    func needs() {
        var order = FlushOrder(at: Self.position(7))
        #expect(!order.needsFlush && order.inFlight == 0)
        order.wrote(Self.position(8))
        #expect(order.needsFlush && order.inFlight == 1)
        let first = order.begin()
        #expect(!order.needsFlush && order.inFlight == 1)
        order.wrote(Self.position(9))
        #expect(order.needsFlush && order.inFlight == 2)
        order.end(first)
        #expect(order.needsFlush && order.inFlight == 1 && order.flushed == Self.position(8))
    }

    @Test("never counts a frame before its time, in whatever order flushes begin and end")
    func random() {
        var random = SeededGenerator.announced("order of flushes")
        for _ in 0..<300 {
            var order = FlushOrder(at: Self.position(0))
            // In the order of their beginnings, with the last frame each covers.
            var all: [(flush: FlushOrder.Flush, last: UInt64, hasEnded: Bool)] = []
            for _ in 0..<Int.random(in: 1..<60, using: &random) {
                let open = all.indices.filter { !all[$0].hasEnded }
                switch Int.random(in: 0..<3, using: &random) {
                case 0: order.wrote(Self.position(order.written.frame + 1))
                case 1: all.append((order.begin(), order.written.frame, false))
                default:
                    guard let index = open.randomElement(using: &random) else { continue }
                    all[index].hasEnded = true
                    order.end(all[index].flush)
                }
                let counted = all.prefix { $0.hasEnded }.map(\.last).max() ?? 0
                #expect(order.flushed.frame == counted)
            }
        }
    }
}
