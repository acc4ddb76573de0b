// What a start makes of the files that a crash left: all that was kept and nothing else, or a
// refusal.

import Accounts
import Store
import Testing

@testable import LMDBStore

@Suite("A log after a crash")
struct LogRecoveryTests {
    /// Two laps that LMDB knows nothing of.
    private func twoLaps() throws -> (CrashImage, people: Int) {
        let live = try LoggedStore(sectors: 24)
        defer { live.store.close() }
        return try live.unfolded {
            while try Set(live.image().frames().map(\.file)).count < 2 { try live.admit() }
            for _ in 0..<4 { try live.admit() }
            return (try live.image(), live.people)
        }
    }

    @Test("opens to what was kept: with one lap, and with two that nobody has folded")
    func unfolded() throws {
        let live = try LoggedStore(sectors: 64)
        for count in [1, 5, 9] {
            try live.admit(count)
            try live.image().expect(people: live.people)
        }
        live.store.close()
        let (image, people) = try twoLaps()
        try image.expect(people: people)
    }

    @Test("with its last frame torn at any sector opens to what was there before")
    func torn() throws {
        let live = try LoggedStore(sectors: 64)
        defer { live.store.close() }
        for _ in 0..<3 { try live.admit() }
        try live.admit(5)
        let whole = try live.image()
        let last = try #require(whole.frames().last)
        let sectors = last.footprint / 512
        #expect(sectors > 3)
        for sector in 0..<sectors {
            // One that is missing, all from one on, and all up to one.
            let start = last.offset + 512 * sector
            for range in [
                start..<(start + 512), start..<(last.offset + last.footprint),
                last.offset..<(start + 512),
            ] {
                let image = try whole.copy()
                try image.clear(last.file, range)
                try image.expect(people: 3)
            }
        }
        try whole.expect(people: 8)
    }

    @Test("with a frame damaged that is not the last is refused, wherever it is")
    func hole() throws {
        let (whole, _) = try twoLaps()
        let frames = try whole.frames()
        for frame in frames.dropLast() {
            for range in [
                frame.offset..<(frame.offset + frame.footprint),
                (frame.offset + 40)..<(frame.offset + 41),
            ] {
                let image = try whole.copy()
                try image.clear(frame.file, range)
                // A byte that is zero already would be no damage.
                guard try image.bytes(frame.file) != whole.bytes(frame.file) else { continue }
                let refusal = image.refusal()
                #expect(refusal.contains("hint: restore a backup"), "frame \(frame.sequence)")
                #expect(image.refusal() == refusal)
            }
        }
    }

    @Test("is refused when a file of it is missing, and missed by nobody after a clean close")
    func missing() throws {
        let live = try LoggedStore(sectors: 24)
        let (laps, _) = try twoLaps()
        let older = try #require(laps.frames().first).file
        try laps.lose(older)
        #expect(laps.refusal().contains("frames between them are gone"))
        // Before the first fold, and after it.
        for _ in 0..<2 {
            try live.admit()
            let image = try live.image()
            for name in CrashImage.logs { try image.lose(name) }
            #expect(image.refusal().contains("hint: restore a backup"), "\(live.people) people")
            let last = try #require(live.image().frames().last)
            while try #require(live.image().frames().last).file == last.file { try live.admit() }
            _ = try live.waitForFold(past: last.sequence - 1)
        }
        live.store.close()
        let closed = try live.image()
        for name in CrashImage.logs { try closed.lose(name) }
        try closed.expect(people: live.people)
    }

    @Test("that is older than what LMDB has heard of is refused")
    func behind() throws {
        let live = try LoggedStore(sectors: 24)
        try live.admit()
        let early = try live.image()
        let last = try #require(early.frames().last)
        while try #require(live.image().frames().last).file == last.file { try live.admit() }
        _ = try live.waitForFold(past: last.sequence)
        let late = try live.image()
        live.store.close()
        for name in CrashImage.logs { try late.take(name, from: early.path) }
        #expect(late.refusal().contains("has had frame"))
    }

    @Test("is replayed whole on an older LMDB file, or refused when some of it is gone")
    func restored() throws {
        let live = try LoggedStore(sectors: 24)
        try live.admit()
        let early = try live.image()
        let first = try #require(early.frames().last)
        while try #require(live.image().frames().last).file == first.file { try live.admit() }
        let mark = try live.waitForFold(past: first.sequence)
        let replayable = try live.image()
        let people = live.people
        try replayable.take("data.mdb", from: early.path)
        try replayable.expect(people: people)

        while try #require(live.image().frames().last).file != first.file { try live.admit() }
        _ = try live.waitForFold(past: mark.folded.sequence)
        let gone = try live.image()
        live.store.close()
        try gone.take("data.mdb", from: early.path)
        #expect(gone.refusal().contains("frames between them are gone"))
    }

    /// What two histories of one store leave, which were the same at first.
    private func histories() throws -> (longer: CrashImage, shorter: CrashImage) {
        let live = try LoggedStore(sectors: 64)
        defer { live.store.close() }
        try live.admit(3)
        let base = try live.image()
        return (try base.copy().continued(frames: 9), try base.copy().continued(frames: 4))
    }

    @Test("of another history of the same store is refused")
    func forked() throws {
        let (longer, shorter) = try histories()
        // Nothing is folded: but LMDB knows a frame that the other history never had.
        let unfolded = try shorter.copy()
        for name in CrashImage.logs { try unfolded.take(name, from: longer.path) }
        #expect(unfolded.refusal().contains("do not belong together"))
        // Folded, and closed: the frames of the other history go on behind that.
        try shorter.closed()
        for names in [CrashImage.logs, ["log.0"], ["log.1"]] {
            let mixed = try shorter.copy()
            for name in names { try mixed.take(name, from: longer.path) }
            let refusal = mixed.refusal()
            let isUnused = try longer.frames().allSatisfy { !names.contains($0.file) }
            let isRefused = refusal.contains("do not belong together")
            #expect(isRefused || isUnused, "\(names): \(refusal)")
        }
    }

    @Test("with frames of another history behind its own is refused")
    func spliced() throws {
        let (longer, shorter) = try histories()
        let end = try #require(shorter.frames().last)
        for frame in try longer.frames() where frame.sequence > end.sequence {
            let bytes = try longer.bytes(frame.file)
            var mixed = try shorter.bytes(frame.file)
            let range = frame.offset..<(frame.offset + frame.footprint)
            mixed.replaceSubrange(range, with: bytes[range])
            try shorter.put(mixed, frame.file)
        }
        #expect(shorter.refusal().contains("behind that"))
    }

    @Test("of which a file was cut is refused")
    func cut() throws {
        let (image, _) = try twoLaps()
        for name in CrashImage.logs {
            let bytes = try image.bytes(name)
            let end = try #require(image.frames().last { $0.file == name })
            for count in [bytes.count - 1, bytes.count / 2, end.offset] {
                let cut = try image.copy()
                try cut.put(Array(bytes.prefix(count)), name)
                #expect(cut.refusal() != "opens", "\(name), \(count) of \(bytes.count) bytes")
            }
        }
    }

    @Test("of another store is refused")
    func foreign() throws {
        let (image, _) = try twoLaps()
        let (other, _) = try twoLaps()
        for name in CrashImage.logs { try image.take(name, from: other.path) }
        #expect(image.refusal().contains("has had frame"))
    }

    @Test("that has lost LMDB's file is refused, and not taken for a new store's")
    func withoutStore() throws {
        let (image, _) = try twoLaps()
        try image.lose("data.mdb")
        #expect(image.refusal().contains("the store it belongs to is gone"))
        // And not the second time either, when the first might have left a new one.
        #expect(image.refusal() != "opens")
    }

    @Test("whose one file lies over the other is refused")
    func copied() throws {
        let (image, _) = try twoLaps()
        for (name, other) in [("log.0", "log.1"), ("log.1", "log.0")] {
            let twice = try image.copy()
            try twice.put(image.bytes(name), other)
            #expect(twice.refusal() != "opens", "\(name) over \(other)")
        }
    }

    @Test("goes on over frames of an earlier lap that begin just behind the sector where it ends")
    func stale() throws {
        let live = try LoggedStore(sectors: 24)
        defer { live.store.close() }
        try live.admit()
        let begun = try #require(live.image().frames().last)
        var last = begun
        while last.file == begun.file {
            try live.admit()
            last = try #require(live.image().frames().last)
        }
        _ = try live.waitForFold(past: begun.sequence)
        while last.file != begun.file {
            try live.admit()
            last = try #require(live.image().frames().last)
        }
        var aligned = 0
        // The earlier lap began with an empty frame of one sector, and had frames of two: so they
        // meet frames of two, and not those of three.
        for count in [3, 1, 3, 1, 1] {
            try live.admit(count)
            let image = try live.image()
            last = try #require(image.frames().last)
            let end = last.offset + last.footprint + LogSegment.sectorBytes
            let next = try image.frames().first { $0.file == last.file && $0.offset == end }
            if let next, next.sequence < last.sequence { aligned += 1 }
            try live.unfolded { try live.image() }.expect(people: live.people)
        }
        #expect(aligned > 0)
    }

    @Test("grows, and is found again at its new length")
    func growth() throws {
        let live = try LoggedStore(sectors: 16, growingTo: 64)
        for _ in 0..<80 { try live.admit() }
        let image = try live.unfolded { try live.image() }
        live.store.close()
        #expect(try CrashImage.logs.contains { try image.bytes($0).count > 512 * 16 })
        #expect(try CrashImage.logs.allSatisfy { try image.bytes($0).count <= 512 * 64 })
        try image.expect(people: live.people)
    }
}
