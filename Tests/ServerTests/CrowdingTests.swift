// From when on a party's connections keep their lines, and until when.

import Testing

@testable import Server

@Suite("A party that brings too much")
struct CrowdingTests {
    @Test("waits from its bound on until half is left, and nobody else does")
    func bounds() {
        var crowding = Crowding<String>()
        let most = ServerPolicy.changesWaitingMax
        let steps: [(String, Int, Bool)] = [
            ("a", most - 1, false), ("a", most, true), ("b", most - 1, false),
            ("a", most - 1, true),
            ("a", most / 2 + 1, true), ("b", 0, false), ("a", most / 2, false),
            ("a", most - 1, false),
        ]
        for (index, (party, waiting, isHeld)) in steps.enumerated() {
            #expect(crowding.update(party, waiting: waiting, parties: 2) == isHeld, "step \(index)")
        }
    }

    @Test(
        "has a smaller bound beside many: eight batches, an equal part, 16 at least",
        arguments: [
            (0, 2048), (1, 2048), (16, 2048), (17, 1927), (32, 1024), (2048, 16), (9999, 16),
        ])
    func share(_ parties: Int, _ most: Int) {
        #expect(ServerPolicy.changesWaitingMax(parties: parties) == most)
    }
}
