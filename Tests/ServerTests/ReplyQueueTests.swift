// Replies leave in the order of their requests, in whatever order they are ready.

import Testing

@testable import Server

@Suite("The queue of replies")
struct ReplyQueueTests {
    /// All lines that may leave.
    private func take(_ queue: inout ReplyQueue) -> String {
        defer { queue.removeReady() }
        return String(decoding: queue.ready, as: UTF8.self)
    }

    private func fill(_ queue: inout ReplyQueue, _ place: Int, _ line: String) {
        queue.fill(place) { $0.append(contentsOf: line.utf8) }
    }

    @Test("lets none past an earlier one")
    func order() {
        var queue = ReplyQueue()
        #expect(!queue.hasReady)
        let places = (0..<3).map { _ in queue.reserve() }
        fill(&queue, places[2], "c")
        #expect(!queue.hasReady)
        fill(&queue, places[0], "a")
        #expect(take(&queue) == "a")
        #expect(!queue.hasReady)
        #expect(queue.count == 2)
        let late = queue.reserve()
        fill(&queue, late, "d")
        fill(&queue, places[1], "b")
        #expect(queue.count == 0)
        #expect(take(&queue) == "bcd")
        #expect(!queue.hasReady)
    }

    @Test("keeps the order through any course of events", arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func anyCourse(seed: UInt64) {
        var random = SplitMix(state: seed)
        var queue = ReplyQueue()
        var open: [(place: Int, number: Int)] = []
        var reserved = 0
        var taken = ""
        for _ in 0..<20_000 {
            switch random.next() % 5 {
            case 0, 1:
                open.append((queue.reserve(), reserved))
                reserved += 1
            case 2, 3:
                guard !open.isEmpty else { continue }
                let one = open.remove(at: Int(random.next() % UInt64(open.count)))
                fill(&queue, one.place, "\(one.number),")
            default:
                taken += take(&queue)
            }
        }
        for one in open.reversed() { fill(&queue, one.place, "\(one.number),") }
        taken += take(&queue)
        #expect(taken == (0..<reserved).map { "\($0)," }.joined())
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
