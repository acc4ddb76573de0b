// What somebody who writes to the state directory cannot hide from whoever has kept an anchor: an
// older store that was put back, newest events that are gone, and events that were written anew.

import Accounts
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A check with an anchor")
struct ChainAnchorCheckTests {
    private func anchor(of store: any AccountStore) throws -> ChainAnchor {
        try #require(try store.figures().anchor)
    }

    @Test("finds nothing where the chain goes through it: at its end, before, in the log or LMDB")
    func sound() throws {
        let live = try LoggedStore(sectors: 24)
        try #expect(live.store.figures().anchor == nil)
        var anchors: [ChainAnchor] = []
        for _ in 0..<30 {
            try live.admit(2)
            anchors.append(try anchor(of: live.store))
        }
        for anchor in anchors { try #expect(live.store.check(anchor: anchor).problems == []) }
        live.store.close()
        let image = try live.image()
        let reader = try LMDBStoreReader(path: image.path, ring: image.ring)
        defer { reader.close() }
        for anchor in anchors { try #expect(reader.check(through: anchor).problems == []) }
    }

    @Test("finds that an older store was put back")
    func older() throws {
        let live = try LoggedStore(sectors: 24)
        try live.admit()
        let old = try live.unfolded { try live.image() }
        try live.admit()
        let kept = try anchor(of: live.store)
        live.store.close()
        let store = try old.open()
        try #expect(store.check().problems == [])
        try #expect(
            store.check(anchor: kept).problems == [
                "the events end at 1, and have had event 2: somebody has put an older store back"
            ])
        // Whoever goes on from there has other events in those places.
        let bob = try Person("bob")
        _ = try store.apply([bob.bring(at: Clock.start).change(in: store)])
        _ = try store.apply([bob.bring(at: Clock.after(60), replaces: true).change(in: store)])
        try #expect(store.check().problems == [])
        try #expect(
            store.check(anchor: kept).problems == [
                "the chain does not go through the anchor at event 2: the events up to there are "
                    + "others"
            ])
        store.close()
    }

    @Test("is told when the anchor is older than what is kept")
    func removed() throws {
        let subject = try Subject(.lmdb)
        let ada = try Person("ada")
        try subject.ask(ada.bring(at: Clock.start))
        let first = try anchor(of: subject.store)
        var anchors: [ChainAnchor] = []
        for day in 1..<10 {
            try subject.ask(ada.verify(at: Clock.after(86_400 * Int64(day))))
            anchors.append(try anchor(of: subject.store))
        }
        try subject.reopen()
        let store = try subject.engineStore
        let trim = EventTrim(environment: store.environment, tables: store.tables, keys: store.keys)
        #expect(try trim.step(before: Clock.after(86_400 * 5 - 1)) == .done)
        let oldest = try store.figures().firstEvent
        #expect(oldest == 6)
        for kept in [first] + anchors {
            let problems = try store.check(anchor: kept).problems
            // The last event that is gone is still known by its hash.
            #expect(problems.isEmpty == (kept.sequence >= oldest - 1), "\(problems)")
            if let problem = problems.first { #expect(problem.contains("is kept no more")) }
        }
        subject.close()
    }
}
