// That a lap fills no faster than the one before it is folded: nobody waits for a whole fold.

import Secrets
import Testing

@testable import LMDBStore

@Suite("The pace of a fold")
struct FoldPaceTests {
    @Test("asks for nothing at first, for all in the end, and never for less than before")
    func due() {
        #expect(FoldPace.share(dueAt: 0) < 0)
        #expect(FoldPace.share(dueAt: 0.2) <= 1e-9)
        #expect(FoldPace.share(dueAt: 0.21) > 0)
        #expect(FoldPace.share(dueAt: 1) == 1)
        let dues = (0...1000).map { FoldPace.share(dueAt: Double($0) / 1000) }
        #expect(dues == dues.sorted())
        // It never asks for more than is filled: a fold as fast as the log holds nobody up.
        for (filled, due) in dues.enumerated() { #expect(due <= Double(filled) / 1000) }
    }

    @Test("is kept by whoever appends")
    func kept() throws {
        // Five hundred steps, with two flushes each, against forty appends with one.
        let size = LogSize(
            bytesMin: 2 << 20, bytesMax: 2 << 20, accountsMax: 2000, accountsPerStep: 4)
        let subject = try Subject(
            in: TemporaryDirectory(), ring: KeyRing(current: .generate()), logSize: size)
        let store = try subject.engineStore
        var checked = 0
        for batch in 0..<120 {
            let before = try store.look { _, log, _ in log.filled }
            let people = try (0..<50).map { try Person("person \(50 * batch + $0)") }
            try subject.ask(people.map { $0.bring(at: Clock.start) })
            let (after, folded) = try store.look { _, log, _ in (log.filled, log.foldedShare) }
            // In a new lap the fold has just begun.
            guard after > before, let folded else { continue }
            #expect(folded >= FoldPace.share(dueAt: before))
            if FoldPace.share(dueAt: before) > 0 { checked += 1 }
        }
        #expect(checked > 0, "no lap met the fold of the one before it")
        try subject.expectSound()
        subject.close()
    }
}
