// Damage to the last frame of the log, in every place and of every extent: the codes that it used
// up never count again, and it is found once.

import Accounts
import Store
import StoreWorkload
import Testing

@testable import LMDBStore

@Suite("A last frame that is damaged")
struct DamagedFrameTests {
    @Test("gives no code back, whichever byte of it was damaged", arguments: [0, 2])
    func everyByte(laps: Int) throws {
        let scene = try LastFrame(laps: laps)
        let whole = try scene.image.bytes(scene.frame.file)
        var broken = 0
        for offset in scene.frame.offset..<(scene.frame.offset + scene.frame.footprint) {
            let image = try scene.image.copy()
            var damaged = whole
            damaged[offset] ^= UInt8(1 + offset % 255)
            try image.put(damaged, scene.frame.file)
            // The clock was set back: the events that are left say how late it was at least.
            let store = try image.open(at: LastFrame.used)
            if store.brokenFrame != nil { broken += 1 }
            #expect(try scene.answers(store) == ["replayed", "replayed"], "byte \(offset)")
            store.close()
        }
        // What fills the last sector says nothing.
        #expect(broken == scene.frame.length)
    }

    /// What may become of the first sector: parts of its header, or all of it.
    ///
    /// - Parameter older: the first sector of an earlier frame.
    private static func damages(_ whole: [UInt8], _ older: [UInt8]) -> [[UInt8]] {
        let header = [0..<8, 8..<16, 16..<24, 24..<32, 32..<48, 0..<36, 4..<36, 20..<36, 0..<48]
        var all: [[UInt8]] = []
        for range in header + [1..<512, 0..<512] {
            for byte: UInt8? in [0, 0xff, nil] where byte != 0 || range.lowerBound > 0 {
                var damaged = whole
                for offset in range { damaged[offset] = byte ?? whole[offset] ^ 0x5a }
                all.append(damaged)
            }
        }
        return all + [older]
    }

    @Test(
        "gives no code back, whatever became of its header, nor is found twice",
        arguments: [0, 2], [false, true])
    func header(laps: Int, isFirst: Bool) throws {
        let scene = try LastFrame(laps: laps, isFirst: isFirst)
        #expect((scene.frame.offset == 0) == isFirst)
        let whole = try scene.image.bytes(scene.frame.file)
        let place = scene.frame.offset..<(scene.frame.offset + 512)
        let older = try #require(scene.image.frames().dropLast().last)
        let stale = try scene.image.bytes(older.file)[older.offset..<(older.offset + 512)]
        for damage in Self.damages(Array(whole[place]), Array(stale)) {
            let image = try scene.image.copy()
            var damaged = whole
            damaged.replaceSubrange(place, with: damage)
            try image.put(damaged, scene.frame.file)
            let store = try image.open(at: LastFrame.used)
            #expect(store.brokenFrame != nil)
            #expect(try scene.answers(store) == ["replayed", "replayed"])
            let crashed = try store.environment.write { _ in
                (try image.copy(), isCommitted: false)
            }
            store.close()
            let again = try crashed.open(at: LastFrame.used)
            #expect(again.brokenFrame == nil)
            #expect(try scene.answers(again) == ["replayed", "replayed"])
            again.close()
        }
    }

    @Test("is not found twice at the beginning of a lap, beside one that has room")
    func beginning() throws {
        let scene = try LastFrame(others: 3, isFirst: true, roomBefore: 1)
        #expect(scene.frame.offset == 0)
        var damaged = try scene.image.bytes(scene.frame.file)
        for offset in 0..<48 { damaged[offset] = 0xff }
        try scene.image.put(damaged, scene.frame.file)
        for isBroken in [true, false, false] {
            let store = try scene.image.open(at: LastFrame.used)
            #expect((store.brokenFrame != nil) == isBroken)
            // Before another frame takes the damaged one's place.
            let crashed = try store.environment.write { _ in
                (try scene.image.copy(), isCommitted: false)
            }
            #expect(try scene.answers(store) == ["replayed", "replayed"])
            store.close()
            for name in CrashImage.all { try scene.image.take(name, from: crashed.path) }
        }
    }

    @Test("gives no code back when only some of its sectors are there")
    func sectors() throws {
        let scene = try LastFrame(others: 12)
        let count = scene.frame.footprint / 512
        #expect(count > 3)
        for sector in 1..<count {
            for end in [sector + 1, count] {
                let image = try scene.image.copy()
                let start = scene.frame.offset
                try image.clear(scene.frame.file, (start + 512 * sector)..<(start + 512 * end))
                let store = try image.open(at: LastFrame.used)
                #expect(store.brokenFrame != nil)
                #expect(try scene.answers(store) == ["replayed", "replayed"])
                store.close()
            }
        }
    }
}
