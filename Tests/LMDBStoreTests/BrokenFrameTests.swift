// A last frame of the log that does not open: torn by a crash, or damaged after it was answered.
// What it held is gone, and so no code may count that it could have used up; a log that ends as it
// should costs nobody a code.

import Accounts
import Glibc
import Patience
import Store
import StoreHarness
import StoreWorkload
import Testing

@testable import LMDBStore

@Suite("A last frame that does not open")
struct BrokenFrameTests {
    @Test("is told of in a sentence, and forgets steps up to then: one below, at, and one above")
    func moments() throws {
        let scene = try LastFrame()
        try scene.image.clear(scene.frame.file, scene.frame.offset..<(scene.frame.offset + 1))
        let store = try scene.image.open(at: LastFrame.used + .seconds(29))
        let broken = try #require(store.brokenFrame)
        #expect(broken.after == scene.frame.sequence - 1)
        #expect(broken.usedSteps == LastFrame.used + .seconds(29))
        #expect(
            broken.description
                == "the log's last frame, behind frame \(broken.after), does not open: it was cut "
                + "short by a crash, or damaged since; every code up to 2027-01-15T08:10:29Z is "
                + "refused as used, and whatever else it held is forgotten")
        // A code may be used a step early; the one after that was nobody's yet.
        let later = LastFrame.used + .seconds(30)
        let asked = [-1, 0, 1].map { scene.ada.verify(at: later, steps: $0) }
        try #expect(
            store.apply(asked.map { $0.change(in: store) }).map(\.brief)
                == ["replayed", "replayed", "ok"])
        store.close()
    }

    @Test("leaves backup codes and devices as they are")
    func others() throws {
        let live = try LoggedStore(sectors: 24)
        defer { live.store.close() }
        let ada = try Person("ada")
        let image = try live.unfolded {
            for request in [ada.enroll(), ada.confirm()] {
                _ = try live.store.apply([request.change(in: live.store)])
            }
            try live.admit()
            return try live.image()
        }
        let frame = try #require(image.frames().last)
        try image.clear(frame.file, frame.offset..<(frame.offset + 1))
        let store = try image.open(at: LastFrame.used)
        let account = try store.accounts(of: [ada.name])[0]
        #expect(account?.usedBefore == UsedBefore(steps: LastFrame.used))
        try #expect(
            store.apply([ada.backup(3, at: LastFrame.used).change(in: store)]).map(\.brief) == [
                "ok"
            ])
        store.close()
    }

    /// The last frame had ended the attempt, which came with another code.
    @Test("gives no attempt from before its yes again; a whole one loses nobody's retry")
    func attempts() throws {
        for isBroken in [true, false] {
            let live = try LoggedStore(sectors: 40)
            let ada = try Person("ada")
            let attempt = "an attempt of two codes"
            let right = ada.verify(at: LastFrame.used, attempt: attempt)
            let wrong = ada.verify(at: LastFrame.used, steps: 9, attempt: attempt)
            let image = try live.unfolded {
                let bring = ada.bring(at: Clock.start)
                let requests = isBroken ? [bring, right, wrong] : [bring, right]
                let briefs = try requests.map { request in
                    try live.store.apply([request.change(in: live.store)])[0].brief
                }
                #expect(briefs == ["ok", "ok", "bad_request"].prefix(requests.count).map { $0 })
                return try live.image()
            }
            live.store.close()
            if isBroken {
                let frame = try #require(image.frames().last)
                try image.clear(frame.file, frame.offset..<(frame.offset + 1))
            }
            let store = try image.open(at: LastFrame.used)
            #expect((store.brokenFrame != nil) == isBroken)
            let again = try store.apply([right.change(in: store)])[0].brief
            #expect(again == (isBroken ? "replayed" : "ok"))
            store.close()
        }
    }

    /// Whether the frame had ended it, nobody can tell, and moments that are ahead of the clock now
    /// say nothing of it.
    @Test(
        "gives no attempt again that was decided before the clock was set back",
        arguments: [
            1, 89, 90, 600, 100_000_000,
        ])
    func attemptsAhead(_ seconds: Int64) throws {
        let live = try LoggedStore(sectors: 40)
        defer { live.store.close() }
        let (ada, bob) = (try Person("ada"), try Person("bob"))
        let ahead = LastFrame.used + .seconds(seconds)
        let right = ada.verify(at: ahead, attempt: "an attempt of ada's")
        let image = try live.unfolded {
            let requests = [
                ada.bring(at: Clock.start), bob.bring(at: Clock.start), right,
                bob.verify(at: LastFrame.used), bob.wrong(at: LastFrame.used + .seconds(1)),
            ]
            for request in requests { _ = try live.store.apply([request.change(in: live.store)]) }
            return try live.image()
        }
        let frame = try #require(image.frames().last)
        try image.clear(frame.file, frame.offset..<(frame.offset + 1))
        let first = try image.open(at: LastFrame.used + .seconds(1))
        try #expect(first.apply([right.change(in: first)]).map(\.brief) == ["replayed"])
        // Codes count again as soon as they did before: ahead was one moment, and not the clock.
        let soon = bob.verify(at: LastFrame.used + .seconds(90))
        try #expect(first.apply([soon.change(in: first)]).map(\.brief) == ["ok"])
        first.close()
        let again = try image.open(at: LastFrame.used + .seconds(100))
        try #expect(again.apply([right.change(in: again)]).map(\.brief) == ["replayed"])
        again.close()
    }

    @Test("is remembered by a second crash, a clean end, new keys, and a clock that was set back")
    func remembered() throws {
        let scene = try LastFrame()
        try scene.image.clear(scene.frame.file, scene.frame.offset..<(scene.frame.offset + 1))
        let first = try scene.image.open(at: LastFrame.used)
        let crashed = try scene.image.copy()
        first.close()
        for image in [crashed, scene.image] {
            for opening in 0..<3 {
                let store = try image.open(at: Clock.start)
                #expect(store.brokenFrame == nil)
                #expect(try scene.answers(store) == ["replayed", "replayed"])
                if opening == 0 { _ = try store.rotateRecordKey() }
                _ = try store.apply([])
                try eventually("the end of a change of keys") { store.rotation == nil }
                store.close()
            }
            // And again, by an earlier clock: the moment is another one, and no earlier.
            let again = try broken(image)
            let store = try again.open(at: Clock.start)
            let later = LastFrame.used + Duration(milliseconds: 1)
            #expect(try #require(store.brokenFrame).usedSteps == later)
            store.close()
        }
    }

    /// What a crash leaves of a store that keeps one more frame, with that one damaged.
    private func broken(_ image: CrashImage) throws -> CrashImage {
        let crashed = try image.continued(frames: 1)
        let frame = try #require(crashed.frames().last)
        try crashed.clear(frame.file, frame.offset..<(frame.offset + 1))
        return crashed
    }

    @Test("takes the newest event's time when the clock is behind that, in the log and in LMDB")
    func clockBehind() throws {
        for isFolded in [false, true] {
            let live = try LoggedStore(sectors: 24)
            let ada = try Person("ada")
            let late = ada.bring(at: Clock.after(5000)).change(in: live.store)
            #expect(try live.store.apply([late]).map(\.brief) == ["ok"])
            let image = try live.image()
            live.store.close()
            if isFolded { try image.closed() }
            let damaged = try broken(image)
            let store = try damaged.open(at: Clock.start + .seconds(-100))
            #expect(try #require(store.brokenFrame).usedSteps == Clock.after(5000))
            store.close()
        }
    }

    // MARK: Ends that are as they should be

    @Test("is not found where nothing was cut short: in laps that turn, grow, and come again")
    func sound() throws {
        let live = try LoggedStore(sectors: 16, growingTo: 32)
        defer { live.store.close() }
        var (files, behind) = (Set<String>(), 0)
        for number in 0..<120 {
            try live.admit(1 + number % 5 % 3)
            let image = try live.unfolded { try live.image() }
            let frames = try image.frames()
            let last = try #require(frames.last)
            files.insert(last.file)
            if frames.contains(where: { $0.file == last.file && $0.offset > last.offset }) {
                behind += 1
            }
            let store = try image.open()
            #expect(store.brokenFrame == nil, "\(live.people) people")
            store.close()
        }
        #expect(files.count == 2 && behind > 20, "no lap came again")
    }

    @Test("is not found at all after a clean end, nor under a record key that is gone")
    func closed() throws {
        let live = try LoggedStore(sectors: 24)
        for _ in 0..<3 { try live.turnTwice() }
        _ = try live.store.rotateRecordKey()
        _ = try live.store.apply([])
        try eventually("the end of a change of keys") { live.store.rotation == nil }
        try live.admit()
        let crashed = try live.unfolded { try live.image() }
        live.store.close()
        for image in [crashed, try live.image()] {
            for _ in 0..<2 {
                let store = try image.open()
                #expect(store.brokenFrame == nil)
                store.close()
            }
        }
    }

    @Test("is a problem to a check of the files, and none any more after a start")
    func checked() throws {
        let scene = try LastFrame()
        let reader = try LMDBStoreReader(path: scene.image.path, ring: scene.image.ring)
        #expect(try reader.check().problems == [])
        reader.close()
        try scene.image.clear(scene.frame.file, scene.frame.offset..<(scene.frame.offset + 1))
        let sentence =
            "the log's last frame, behind frame \(scene.frame.sequence - 1), does not open: it was "
            + "cut short by a crash, or damaged since; the next start refuses every code up to its "
            + "own moment as used"
        let again = try LMDBStoreReader(path: scene.image.path, ring: scene.image.ring)
        #expect(try again.check().problems == [sentence])
        again.close()
        let store = try scene.image.open(at: LastFrame.used)
        let started = try scene.image.copy()
        #expect(try store.check().problems == [])
        store.close()
        let after = try LMDBStoreReader(path: started.path, ring: started.ring)
        #expect(try after.check().problems == [])
        after.close()
    }
}
