// The end of a log that was overwritten with zeros after a crash: what was told to LMDB must be
// there, and LMDB is told within a minute.

import Accounts
import Store
import StoreHarness
import StoreWorkload
import Testing

@testable import LMDBStore

@Suite("How far a log has come")
struct LogReachTests {
    private static func frame(_ number: UInt64) -> LogFrameID {
        LogFrameID(
            sequence: number,
            tag: [UInt8](repeating: UInt8(number), count: LogFrame.tagBytes))
    }

    // MARK: When LMDB is told

    @Test("is told after a minute, one below, at, and one above; once for each frame")
    func minute() {
        let start = ContinuousClock.now
        var reach = LogReach(at: start)
        reach.saw(Self.frame(1), flushed: 1)
        #expect(reach.step(at: start + .seconds(59)) == .rest(.seconds(1)))
        #expect(reach.step(at: start + .seconds(60)) == .note(Self.frame(1)))
        #expect(reach.step(at: start + .seconds(61)) == .rest(.seconds(59)))
        #expect(reach.step(at: start + .seconds(120)) == .rest(LogReach.interval))
        reach.saw(Self.frame(2), flushed: 2)
        #expect(reach.step(at: start + .seconds(180)) == .note(Self.frame(2)))
    }

    @Test("is never a frame that may not be on the disk")
    func inFlight() {
        let start = ContinuousClock.now
        var reach = LogReach(at: start)
        reach.saw(Self.frame(1), flushed: 0)
        let minute = start + LogReach.interval
        #expect(reach.step(at: minute) == .ask)
        #expect(reach.step(at: minute) == .rest(LogReach.patience))
        // Nobody has answered: there is nothing to tell.
        #expect(reach.step(at: minute + LogReach.patience) == .rest(LogReach.interval))
        // It is on the disk by now, and the next one is not.
        reach.saw(Self.frame(2), flushed: 1)
        let next = minute + LogReach.patience + LogReach.interval
        #expect(reach.step(at: next) == .ask)
        reach.saw(Self.frame(5), flushed: 3)
        #expect(reach.step(at: next + LogReach.patience) == .note(Self.frame(2)))
        reach.saw(Self.frame(6), flushed: 4)
        reach.saw(Self.frame(7), flushed: 7)
        let last = next + LogReach.patience + LogReach.interval
        #expect(reach.step(at: last) == .note(Self.frame(7)))
    }

    // MARK: A log that was cut

    /// Zeros from a frame on, as nobody had written further.
    private func cut(_ image: CrashImage, from frame: CrashImage.Place) throws -> CrashImage {
        let cut = try image.copy()
        try cut.clear(frame.file, frame.offset..<(try cut.bytes(frame.file).count))
        return cut
    }

    @Test("keeps a start from a log that was cut at a frame's border, and a check names it")
    func cutShort() throws {
        let live = try LoggedStore(sectors: 40)
        let ada = try Person("ada")
        _ = try live.store.apply([ada.bring(at: Clock.start).change(in: live.store)])
        let used = ada.verify(at: Clock.after(60))
        #expect(try live.store.apply([used.change(in: live.store)]).map(\.brief) == ["ok"])
        _ = try live.store.apply([])
        _ = try live.store.reach.step(at: .now + LogReach.interval)
        try live.admit()
        let image = try live.unfolded { try live.image() }
        live.store.close()
        let frames = try image.frames().suffix(3)
        try #require(frames.count == 3)
        for (index, frame) in frames.enumerated() {
            let cut = try cut(image, from: frame)
            let reader = try LMDBStoreReader(path: cut.path, ring: cut.ring)
            let problems = try reader.check().problems
            reader.close()
            guard index < 2 else {
                // The last minute is not known: that frame was nobody's.
                #expect(problems == [])
                let store = try cut.open()
                let again = try store.apply([used.change(in: store)]).map(\.brief)
                #expect(again == ["replayed"])
                store.close()
                continue
            }
            #expect(problems.contains { $0.contains("the log ends at frame") }, "\(problems)")
            #expect(cut.refusal().contains("the log ends at frame"))
        }
        #expect(image.refusal() == "opens")
    }
}
