// Shows that parties take turns whatever each brings, and that a pass over the connections has an
// end: the shares of those who wait, and the queue that deals them.

import Testing

@testable import Server

@Suite("Turns of those who wait")
struct FairQueueTests {
    private func queue(_ waiting: [(String, Int)]) -> FairQueue<String, String> {
        var queue = FairQueue<String, String>()
        for (party, count) in waiting {
            for number in 0..<count { queue.append("\(party)\(number)", of: party) }
        }
        return queue
    }

    private func all(_ queue: FairQueue<String, String>) -> [String] {
        var queue = queue
        var taken: [String] = []
        while let next = queue.next() { taken.append(next) }
        return taken
    }

    @Test("parties alternate, and within one the first is first")
    func alternate() {
        #expect(all(queue([])) == [])
        #expect(all(queue([("a", 3)])) == ["a0", "a1", "a2"])
        #expect(all(queue([("a", 4), ("b", 2)])) == ["a0", "b0", "a1", "b1", "a2", "a3"])
        #expect(all(queue([("a", 5000), ("b", 1)])).firstIndex(of: "b0") == 1)
    }

    @Test("one who comes late waits for one turn of each other party, not for all who were there")
    func late() {
        var queue = queue([("a", 5000), ("c", 5000)])
        for _ in 0..<100 { _ = queue.next() }
        queue.append("b", of: "b")
        let next = (0..<3).compactMap { _ in queue.next() }
        #expect(next == ["a50", "c50", "b"])
        #expect(queue.count == 9898)
    }

    @Test("nobody is forgotten, and whoever is taken and comes again is last of the party")
    func again() {
        var queue = queue([("a", 2), ("b", 1)])
        var taken: [String] = []
        for _ in 0..<8 {
            guard let next = queue.next() else { break }
            taken.append(next)
            queue.append(next, of: String(next.prefix(1)))
        }
        #expect(taken == ["a0", "b0", "a1", "b0", "a0", "b0", "a1", "b0"])
        #expect(queue.count == 3)
    }

    @Test("whoever may not have a turn keeps it, and holds up nobody")
    func held() {
        var queue = queue([("a", 3), ("b", 2), ("c", 1)])
        let taken = (0..<3).compactMap { _ in queue.next { $0 != "a" } }
        #expect(taken == ["b0", "c0", "b1"])
        #expect(!queue.hasNext { $0 != "a" })
        #expect(queue.next { $0 != "a" } == nil)
        #expect(queue.hasNext { _ in true })
        #expect(all(queue) == ["a0", "a1", "a2"])
    }

    @Test(
        "lines of a turn: 128, a share of the pass beside many, 4 at least",
        arguments: [(0, 128), (1, 128), (2, 128), (3, 85), (50, 5), (64, 4), (10_240, 4)])
    func share(_ waiting: Int, _ lines: Int) {
        #expect(ServerPolicy.linesPerTurn(waiting: waiting) == lines)
    }

    @Test(
        "bytes of a read: 16 KiB, a share beside many, 2 KiB at least",
        arguments: [(1, 16_384), (128, 16_384), (256, 8192), (1024, 2048), (10_240, 2048)])
    func read(_ connections: Int, _ bytes: Int) {
        #expect(ServerPolicy.readBytesMax(connections: connections) == bytes)
    }
}
