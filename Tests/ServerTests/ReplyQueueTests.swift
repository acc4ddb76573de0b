// Replies leave in the order of their requests, in whatever order they are ready.

import Testing

@testable import Server

@Suite("The queue of replies")
struct ReplyQueueTests {
    private func text(_ line: [UInt8]?) -> String? {
        line.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("lets none past an earlier one")
    func order() {
        var queue = ReplyQueue()
        #expect(queue.next() == nil)
        let places = (0..<3).map { _ in queue.reserve() }
        queue.fill(places[2], with: Array("c".utf8))
        #expect(queue.next() == nil)
        queue.fill(places[0], with: Array("a".utf8))
        #expect(text(queue.next()) == "a")
        #expect(queue.next() == nil)
        #expect(queue.count == 2)
        let late = queue.reserve()
        queue.fill(late, with: [])
        queue.fill(places[1], with: Array("b".utf8))
        #expect([queue.next(), queue.next(), queue.next()].map(text) == ["b", "c", ""])
        #expect(queue.next() == nil)
        #expect(queue.count == 0)
    }

    @Test("keeps the order through any course of events", arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func anyCourse(seed: UInt64) {
        var random = SplitMix(state: seed)
        var queue = ReplyQueue()
        var open: [(place: Int, number: Int)] = []
        var reserved = 0
        var taken: [String] = []
        for _ in 0..<20_000 {
            switch random.next() % 5 {
            case 0, 1:
                open.append((queue.reserve(), reserved))
                reserved += 1
            case 2, 3:
                guard !open.isEmpty else { continue }
                let one = open.remove(at: Int(random.next() % UInt64(open.count)))
                queue.fill(one.place, with: Array("\(one.number)".utf8))
            default:
                while let line = text(queue.next()) { taken.append(line) }
            }
        }
        for one in open.reversed() { queue.fill(one.place, with: Array("\(one.number)".utf8)) }
        while let line = text(queue.next()) { taken.append(line) }
        #expect(taken == (0..<reserved).map { "\($0)" })
        #expect(queue.count == 0)
    }
}

/// SplitMix64, for a course of events that a failing test can repeat.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
