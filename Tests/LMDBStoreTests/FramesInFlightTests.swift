// What a crash may leave of frames that were in flight together: any of their sectors, in any order
// of writing. Everything that was answered is there, nothing is there by half, and what is left of
// the others is found once.

import Accounts
import Patience
import SeededRandom
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("Frames that were in flight together")
struct FramesInFlightTests {
    /// Three frames that nobody was told of, and the file before and after them.
    private struct Scene {
        let image: CrashImage
        let answered: Int
        let file: String
        let frames: [CrashImage.Place]
        private let before: [UInt8]
        private let after: [UInt8]

        /// - Parameters:
        ///   - laps: how many times the log came back to the segment that they are in.
        ///   - isFirst: whether they begin a lap.
        init(laps: Int, isFirst: Bool) throws {
            let live = try LoggedStore(sectors: 25)
            defer { live.store.close() }
            for _ in 0..<laps { try live.turnTwice() }
            (image, answered, before) = try live.unfolded {
                try live.admit(2)
                while isFirst, live.store.log.active.room >= 1024 { try live.admit() }
                let answered = live.people
                let early = try live.image()
                for _ in 0..<3 { try live.admitInFlight() }
                let image = try live.image()
                let file = try #require(image.frames().last).file
                return (image, answered, try early.bytes(file))
            }
            frames = try image.frames().suffix(3)
            file = frames[2].file
            after = try image.bytes(file)
            #expect(frames.allSatisfy { $0.file == file })
            #expect((frames[0].offset == 0) == isFirst)
        }

        /// What each sector may hold that was written since the last flush.
        private var sectors: [(start: Int, contents: [ArraySlice<UInt8>])] {
            let end = frames[2].offset + frames[2].footprint + LogSegment.sectorBytes
            let empty = [UInt8](repeating: 0, count: LogSegment.sectorBytes)
            return stride(from: frames[0].offset, to: min(end, after.count), by: 512).map { start in
                var contents = [before[start..<(start + 512)], after[start..<(start + 512)]]
                // The empty sector behind a frame, which the next one was written over.
                if frames.dropFirst().contains(where: { $0.offset == start }) {
                    contents.append(empty[...])
                }
                return (start, contents)
            }
        }

        /// One of the files that a crash may leave.
        func drawn(_ random: inout SeededGenerator) throws -> CrashImage {
            let left = try image.copy()
            var bytes = after
            for (start, contents) in sectors {
                let content = contents.randomElement(using: &random) ?? []
                bytes.replaceSubrange(start..<(start + 512), with: content)
            }
            try left.put(bytes, file)
            return left
        }

        /// Without frames of its own that were answered, and with some of those in flight.
        func without(_ lost: CrashImage.Place, keeping kept: [CrashImage.Place]) throws
            -> CrashImage
        {
            let left = try image.copy()
            for frame in frames where !kept.contains(frame) {
                try left.clear(frame.file, frame.offset..<(frame.offset + frame.footprint))
            }
            try left.clear(lost.file, lost.offset..<(lost.offset + lost.footprint))
            return left
        }
    }

    /// As it would lie there after a crash now.
    private static func crash(_ store: LMDBStore, _ image: CrashImage) throws -> CrashImage {
        try store.environment.write { _ in (try image.copy(), isCommitted: false) }
    }

    @Test(
        "leave what was answered, and are found once, whatever a crash leaves of them",
        arguments: [(0, false), (2, false), (0, true), (2, true)])
    func lost(laps: Int, isFirst: Bool) throws {
        var random = SeededGenerator.announced("frames in flight, \(laps), \(isFirst)")
        let scene = try Scene(laps: laps, isFirst: isFirst)
        var broken = 0
        for _ in 0..<Rounds.number(40, proof: 600) {
            var image = try scene.drawn(&random)
            var people: Int?
            for start in 0..<3 {
                let store = try image.open()
                let kept = try LoggedStore.kept(in: store)
                #expect((scene.answered...(scene.answered + 3)).contains(kept))
                #expect(kept == people ?? kept)
                people = kept
                if start == 0 {
                    if store.brokenFrame != nil { broken += 1 }
                } else {
                    #expect(store.brokenFrame == nil, "start \(start)")
                }
                #expect(try store.check().problems == [])
                // The second crash comes before anything is written, the third one after that.
                if start == 1 {
                    let more = try Person("newcomer").bring(at: Clock.start).change(in: store)
                    #expect(try store.apply([more]).map(\.brief) == ["ok"])
                }
                let crashed = try Self.crash(store, image)
                store.close()
                image = crashed
            }
        }
        print("frames in flight: \(broken) starts found something broken")
        #expect(broken > 0)
    }

    @Test("do not excuse a frame that was answered, and is gone")
    func hole() throws {
        let scene = try Scene(laps: 0, isFirst: false)
        let answered = try #require(scene.image.frames().dropLast(3).last)
        for kept in [[0], [1], [2], [0, 1, 2]] {
            let frames = kept.map { scene.frames[$0] }
            let refusal = try scene.without(answered, keeping: frames).refusal()
            #expect(refusal.contains("behind that"), "\(kept): \(refusal)")
        }
    }

    @Test(
        "give no code back, whichever of them was damaged after all were answered",
        arguments: [0, 1, 2])
    func damaged(index: Int) throws {
        let live = try LoggedStore(sectors: 64)
        defer { live.store.close() }
        let people = try ["ada", "bob", "cid"].map { try Person($0) }
        func verifies() -> [Change] {
            people.map { $0.verify(at: LastFrame.used).change(in: live.store) }
        }
        let image = try live.unfolded {
            let brought = people.map { $0.bring(at: Clock.start).change(in: live.store) }
            #expect(try live.store.apply(brought).allSatisfy { $0.brief == "ok" })
            for change in verifies() { _ = try live.store.decide([change]) }
            try live.store.log.flushAll()
            return try live.image()
        }
        let frame = try Array(image.frames().suffix(3))[index]
        for offset in [0, LogFrame.sequenceOffset, frame.length - 1] {
            let left = try image.copy()
            var bytes = try left.bytes(frame.file)
            bytes[frame.offset + offset] ^= 1
            try left.put(bytes, frame.file)
            let reader = try LMDBStoreReader(path: left.path, ring: left.ring)
            #expect(try reader.check().problems.count == 1)
            reader.close()
            let store = try left.open(at: LastFrame.used)
            #expect(store.brokenFrame?.after == frame.sequence - 1)
            #expect(try store.apply(verifies()).allSatisfy { $0.brief == "replayed" })
            store.close()
        }
    }

    @Test("are on the disk before the log turns to its other file, and before a fold takes them")
    func turning() throws {
        let live = try LoggedStore(sectors: 25)
        defer { live.store.close() }
        let log = live.store.log
        for _ in 0..<60 {
            try live.admitInFlight()
            let frames = log.last.sequence - log.flushes.flushed
            #expect(frames <= WriteAheadLog.inFlightMax)
            // What is not on the disk is in the file that is written to.
            if let last = log.other.last?.id.sequence { #expect(last <= log.flushes.flushed) }
        }
        #expect(try LoggedStore.kept(in: live.store) == live.people)
    }

    @Test("are on the disk when `apply` returns, and all before them")
    func apply() throws {
        let live = try LoggedStore(sectors: 64)
        defer { live.store.close() }
        for _ in 0..<3 { try live.admitInFlight() }
        #expect(live.store.log.last.sequence - live.store.flushed == 3)
        try live.admit()
        #expect(live.store.log.last.sequence == live.store.flushed)
        let event = live.store.lastEvent
        try live.admitInFlight()
        #expect(live.store.lastEvent == event)
        #expect(live.store.log.last.sequence == live.store.flushed + 1)
    }
}
