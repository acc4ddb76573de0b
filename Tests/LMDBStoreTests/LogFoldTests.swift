// A fold that was stopped and is done again: what it had written already is no harm, and what
// somebody else wrote there is never taken for it.

import Accounts
import Store
import Testing

@testable import LMDBStore

@Suite("A fold that is repeated")
struct LogFoldTests {
    private static let folders = ["log", "head"].map { Array($0.utf8) }

    /// A crash image whose accounts and events are in LMDB already, as the last step but one of a
    /// fold would leave them, with the log still counting.
    private func halfFolded(
        people: Int, _ damage: (Inside) throws -> Void
    ) throws -> CrashImage {
        let live = try LoggedStore(sectors: 256)
        for _ in 0..<people { try live.admit() }
        let unfolded = try live.image()
        live.store.close()
        let image = try unfolded.copy()
        let reader = try Inside(path: image.path, ring: image.ring)
        let before = try Self.folders.map { try reader.value(.meta, $0) }
        reader.close()
        #expect(try image.open().close() == nil)
        let inside = try Inside(path: image.path, ring: image.ring)
        for (key, value) in zip(Self.folders, before) { try inside.put(.meta, key, value) }
        try damage(inside)
        inside.close()
        for name in CrashImage.logs { try image.take(name, from: unfolded.path) }
        return image
    }

    @Test("comes to the same from wherever the one before it was stopped", arguments: 0...8)
    func repeated(_ missing: Int) throws {
        let people = 8
        let image = try halfFolded(people: people) { inside in
            let accounts = try inside.pairs(.guards).map(\.key).suffix(missing)
            for key in accounts {
                try inside.delete(.guards, key)
                try inside.delete(.factors, key)
            }
            for event in try inside.pairs(.events).map(\.key).suffix(missing) {
                try inside.delete(.events, event)
            }
        }
        try image.expect(people: people)
    }

    @Test("is broken when an event of its own has another's place")
    func differs() throws {
        let image = try halfFolded(people: 4) { inside in
            let block = try inside.eventBlock(2)
            // The same event sealed once more is another record.
            try inside.forge(block, at: 2)
        }
        let left = try image.open().close()
        #expect(left.map { "\($0)".contains("broken") } ?? false, "\(left as Any)")
    }
}
