// Numbers over all lanes: without gaps, in the order of the blocks, and sealed.

import Secrets
import Testing

@testable import PostgresStore

@Suite("Numbers of events")
struct NumberedRunTests {
    @Test("go on where they ended, and make one run of blocks that follow each other")
    func runs() {
        #expect(NumberedRun.runs(from: 1, []) == [])
        let runs = NumberedRun.runs(
            from: 5, [(1, 1, 2), (1, 3, 4), (2, 9, 1), (1, 7, 1), (2, 10, 3)])
        #expect(
            runs == [
                NumberedRun(first: 5, lane: 1, event: 1, count: 6),
                NumberedRun(first: 11, lane: 2, event: 9, count: 1),
                NumberedRun(first: 12, lane: 1, event: 7, count: 1),
                NumberedRun(first: 13, lane: 2, event: 10, count: 3),
            ])
    }

    @Test("are sealed with all that they say")
    func sealed() {
        let seal = RowSeal(keys: .generate())
        let run = NumberedRun(first: 5, lane: 1, event: 1, count: 6)
        let sealed = run.sealed(seal)
        #expect(run.isSealed(sealed, seal))
        for other in [
            NumberedRun(first: 6, lane: 1, event: 1, count: 6),
            NumberedRun(first: 5, lane: 2, event: 1, count: 6),
            NumberedRun(first: 5, lane: 1, event: 2, count: 6),
            NumberedRun(first: 5, lane: 1, event: 1, count: 7),
        ] { #expect(!other.isSealed(sealed, seal), "\(other)") }
        #expect(!run.isSealed(sealed, RowSeal(keys: .generate())))
    }
}
