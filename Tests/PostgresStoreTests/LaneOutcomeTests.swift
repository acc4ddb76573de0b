// What a lane learns from its row after a COMMIT without an answer: a table of all that may be.

import Store
import Testing

@testable import PostgresStore

@Suite("The outcome of a batch")
struct LaneOutcomeTests {
    @Test("follows from what was acknowledged, tried and found")
    func table() {
        let rows: [(acknowledged: Int64, isTried: Bool, found: Int64, LaneOutcome)] = [
            (0, false, 0, .notKept), (7, true, 7, .notKept), (7, false, 7, .notKept),
            (7, true, 8, .kept),
            // Nothing was tried that could have moved it.
            (7, false, 8, .taken), (7, true, 9, .taken),
            // -1 is no row.
            (7, true, 6, .wentBack), (7, false, 6, .wentBack), (7, true, 0, .wentBack),
            (0, true, -1, .wentBack), (0, false, -1, .wentBack),
        ]
        for row in rows {
            let outcome = LaneOutcome(
                acknowledged: row.acknowledged, isOneMoreTried: row.isTried, found: row.found)
            #expect(outcome == row.3, "\(row)")
        }
    }

    @Test("of a start is that the database may have one more than was told, and nothing less")
    func start() {
        func end(_ batches: Int64, _ hash: UInt8) -> LaneEnd {
            let hash = [UInt8](repeating: hash, count: 32)
            return LaneEnd(batches: batches, head: EventHead(sequence: 1, hash: hash))
        }
        let remembered = end(7, 1)
        for (found, hasGoneBack) in [
            (end(7, 1), false), (end(8, 2), false), (end(9, 2), false), (end(6, 1), true),
            (end(0, 1), true), (end(7, 2), true),
        ] {
            #expect(
                LaneOutcome.hasGoneBack(from: remembered, to: found) == hasGoneBack, "\(found)")
        }
    }

    @Test("of a fault is that the batch is tried again only where nothing can be kept")
    func faults() {
        func sorted(_ state: String) -> LaneFault {
            LaneFault(.refused(SQLState(state), "why"))
        }
        for state in ["40001", "40P01", "55P03", "23502", "23505"] {
            #expect(sorted(state) == .overtaken("why"), "\(state)")
        }
        // Out of room, put out for idling, put out by an admin, a wrong type: whatever else.
        for state in ["53100", "25P03", "57P01", "42804", "XX000"] {
            #expect(sorted(state) == .lost("why (SQLSTATE \(state))"), "\(state)")
        }
        #expect(LaneFault(.lost("why")) == .lost("why"))
        #expect(LaneFault(.unreachable("why")) == .unreachable("why"))
    }
}
