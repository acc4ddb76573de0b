// A store as a crash left it, in whose last frame somebody's code was accepted: for tests of what
// becomes of that frame.

import Accounts
import Store
import StoreHarness
import StoreWorkload
import Testing

@testable import LMDBStore

struct LastFrame {
    static let used = Clock.after(600)

    /// Nothing of its log is in LMDB.
    let image: CrashImage
    /// Her code was accepted in the frame.
    let ada: Person
    let frame: CrashImage.Place

    /// - Parameters:
    ///   - laps: how many times the log came back to the segment that the frame is in.
    ///   - others: log in in the same frame.
    ///   - isFirst: whether it is the first frame of a lap.
    ///   - roomBefore: sectors that the lap before that one has left.
    init(laps: Int = 0, others: Int = 0, isFirst: Bool = false, roomBefore: Int = 0) throws {
        // Of two sectors each, behind an empty one in the first lap.
        let live = try LoggedStore(sectors: (laps == 0 ? 25 : 24) + roomBefore)
        defer { live.store.close() }
        for _ in 0..<laps { try live.turnTwice() }
        let ada = try Person("ada")
        let people = try [ada] + (0..<others).map { try Person("other \($0)") }
        self.ada = ada
        image = try live.unfolded {
            for person in people {
                let bring = person.bring(at: Clock.start).change(in: live.store)
                #expect(try live.store.apply([bring]).map(\.brief) == ["ok"])
            }
            while isFirst, try live.store.look({ _, log, _ in log.active.room >= 1024 }) {
                try live.admit()
            }
            let verifies = people.map { $0.verify(at: Self.used).change(in: live.store) }
            #expect(try live.store.apply(verifies).allSatisfy { $0.brief == "ok" })
            return try live.image()
        }
        frame = try #require(image.frames().last)
    }

    /// Asks with the code that the frame used up, and with the one of the step before.
    func answers(_ store: LMDBStore) throws -> [String] {
        let asked = [0, -1].map { ada.verify(at: Self.used, steps: $0) }
        return try store.apply(asked.map { $0.change(in: store) }).map(\.brief)
    }
}

extension LoggedStore {
    /// Takes people in until the log has come back to the file that it is in now.
    func turnTwice() throws {
        for _ in 0..<2 {
            let begun = try #require(image().frames().last)
            while try #require(image().frames().last).file == begun.file { try admit() }
            _ = try waitForFold(past: begun.sequence - 1)
        }
    }
}
