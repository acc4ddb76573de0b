// That a lap fills no faster than the one before it is folded: nobody waits for a whole fold.

import Dispatch
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("The pace of a fold")
struct FoldPaceTests {
    @Test(
        "asks for nothing at first, for all in the end, and never for less than before",
        arguments: [0, 0.01, 0.5, 0.99])
    func due(_ start: Double) {
        func due(_ rest: Double) -> Double {
            FoldPace.share(dueAt: start + rest * (1 - start), since: start)
        }
        #expect(due(0) < 0)
        #expect(due(0.2) <= 1e-9)
        #expect(due(0.21) > 0)
        #expect(due(1) == 1)
        let dues = (0...1000).map { due(Double($0) / 1000) }
        #expect(dues == dues.sorted())
        // It never asks for more than is filled: a fold as fast as the log holds nobody up.
        for (filled, due) in dues.enumerated() { #expect(due <= Double(filled) / 1000 + 1e-9) }
    }

    @Test("asks for all beside a lap that is full", arguments: [1, 1.5])
    func full(_ start: Double) {
        #expect(FoldPace.share(dueAt: start, since: start) == 1)
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
            let (after, start, folded) = try store.look { _, log, _ in
                (log.filled, log.filledAtFold, log.foldedShare)
            }
            // In a new lap the fold has just begun.
            guard after > before, let folded else { continue }
            let due = FoldPace.share(dueAt: before, since: start)
            #expect(folded >= due)
            if due > 0 { checked += 1 }
        }
        #expect(checked > 0, "no lap met the fold of the one before it")
        try subject.expectSound()
        subject.close()
    }

    @Test("begins after a crash with what is left: no start waits for a fold")
    func afterCrash() throws {
        let image = try crashed()
        // A fold of many steps, for those who open it.
        let size = LogSize(
            bytesMin: image.size.bytesMin, bytesMax: image.size.bytesMax, accountsMax: 1000,
            accountsPerStep: 1)
        let files = try StoreFiles(
            path: image.path, ring: image.ring, mapBytes: Subject.mapBytes, isReadOnly: false)
        defer { files.environment.close() }
        let segments = try LogSegment.paths(in: image.path).map {
            try LogSegment(path: $0, size: size.bytesMin)
        }
        let found = files.contents
        let recovered = try LogRecovery(segments, of: found)
        let head = try #require(recovered.laps.last?.last?.head)
        // It gets nowhere until it is let go. Who waits for it waits in vain, so not for ever.
        let isLetGo = DispatchSemaphore(value: 0)
        let foldThread = FoldThread { _, _ in
            _ = isLetGo.wait(timeout: .now() + 10)
            return nil
        }
        let log = WriteAheadLog(recovered, head, size: size, foldThread: foldThread)
        let batch = Batch(
            tables: files.tables, seal: found.seal, usedBefore: .never, counts: AccountCounts())
        batch.begin(head)
        #expect(log.filled > 0.5 && log.other.recordCount > FoldPace.stepsUnpaced)
        try log.append(batch.frame, head, batch.changed)
        #expect(log.foldedShare == 0, "a frame has waited for the fold")
        isLetGo.signal()
        foldThread.stop()
    }

    /// Two laps that a crash left unfolded, of which the second is nearly full.
    private func crashed() throws -> CrashImage {
        let live = try LoggedStore(sectors: 256, accountsPerStep: 100)
        defer { live.store.close() }
        return try live.unfolded {
            repeat {
                try live.admit()
            } while try live.store.look { _, log, _ in log.other.isEmpty || log.filled < 0.75 }
            return try live.image()
        }
    }
}
