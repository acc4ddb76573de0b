// How much of a lap goes into one transaction: few accounts where each has a page to itself, many
// where they share them.

import Scratch
import Secrets
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A step of a fold")
struct FoldStepTests {
    private static let size = LogSize(
        bytesMin: 1 << 20, bytesMax: 1 << 20, accountsMax: 10_000, accountsPerStep: 100,
        pagesPerStep: 100)

    /// How many records it takes, of as many pages each.
    private func taken(_ pages: Double, _ size: LogSize = Self.size) -> Int {
        var step = FoldStep(size)
        while step.isOpen, step.records < 1_000_000 { step.note(pages: pages) }
        return step.records
    }

    @Test("takes the fewest it may where each has pages to itself, and more where they share them")
    func records() {
        #expect(taken(2) == 100)
        #expect(taken(1) == 100)
        #expect(taken(0.5) == 200)
        #expect(taken(0.125) == 800)
        let bare = LogSize(
            bytesMin: 1 << 20, bytesMax: 1 << 20, accountsMax: 10_000, accountsPerStep: 3)
        #expect(taken(0.125, bare) == 3)
    }

    @Test("counts a page for each record of a large table, and their own room in a small one")
    func pages() {
        func pages(_ leafPages: Int, _ records: Int) -> Double {
            FoldTarget(leafPages: leafPages, bytesPerPage: 4096, records: records).pages(64)
        }
        #expect(pages(0, 1000) == 1.0 / 64)
        #expect(pages(500, 1000) == 0.5 + 1.0 / 64)
        #expect(pages(1000, 1000) == 1 + 1.0 / 64)
        #expect(pages(1_000_000, 1000) == 1 + 1.0 / 64)
        #expect(pages(0, 0) == 1.0 / 64)
    }

    @Test("ends when its pages are full, and all of the lap is folded all the same")
    func lap() throws {
        let people = 2000
        let subject = try Subject(
            in: TemporaryDirectory(), ring: KeyRing(current: .generate()), logSize: .standard)
        for batch in 0..<20 {
            let some = try (0..<people / 20).map { try Person("person \(100 * batch + $0)") }
            try subject.ask(some.map { $0.bring(at: Clock.start) })
        }
        let store = try subject.engineStore
        let few = try shares(of: store, pagesPerStep: 0)
        #expect(few.count >= people / 4)
        #expect(try store.environment.read { try $0.count(store.tables.guards) } == people)
        // Some fifty pages of guards and two hundred of factors, and so a hundred accounts each.
        let many = try shares(of: store, pagesPerStep: 16)
        #expect(many.count > 1 && many.count < few.count / 10, "\(many.count)")
        for shares in [few, many] { #expect(shares == shares.sorted() && shares.last == 1) }
        try subject.expectSound()
        subject.close()
    }

    /// Folds what is in the log; the share that was folded after each transaction.
    private func shares(of store: LMDBStore, pagesPerStep: Int) throws -> [Double] {
        let lap = try store.look { _, log, _ in log.laps[1] }
        let size = LogSize(
            bytesMin: 1 << 20, bytesMax: 1 << 20, accountsMax: 10_000, accountsPerStep: 4,
            pagesPerStep: pagesPerStep)
        let fold = Fold(
            environment: store.environment, tables: store.tables, keys: store.keys,
            retention: store.retention, size: size)
        var shares: [Double] = []
        try fold.run(lap) { shares.append($0) }
        return shares
    }
}
