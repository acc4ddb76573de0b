// Damage that a store meets while it serves, in what every fold needs: the last page of the events,
// and the list of free pages. Nobody is kept from logging in, the figures name it at once, and what
// is lost of the events is told of.

import Accounts
import Store
import StoreHarness
import StoreWorkload
import Testing

@testable import LMDBStore

@Suite("Damage that is met while serving")
struct ServingDamageTests {
    /// A store whose log has turned, with free pages, and events in several of LMDB's pages.
    private func live() throws -> (LoggedStore, PageFileEditor) {
        let live = try LoggedStore(sectors: 24)
        for _ in 0..<2 { try live.turnTwice() }
        return (live, try PageFileEditor(live.directory.path(of: "state")))
    }

    private func expectServing(_ live: LoggedStore, _ part: StorePart) throws {
        for _ in 0..<3 { try live.turnTwice() }
        #expect(try live.store.figures().damagedParts == [part])
        #expect(try LoggedStore.kept(in: live.store) == live.people)
        #expect(live.store.close() == nil)
    }

    @Test("in the list of free pages: it is given up", arguments: [0, 10, 13, 16])
    func freePages(_ byte: Int) throws {
        let (live, file) = try live()
        let root = try live.store.environment.read { transaction in
            try #require(!transaction.trees.free.isEmpty)
            return transaction.trees.free.record.root
        }
        try file.change(root, byte) { $0 ^ 0x81 }
        try expectServing(live, .freePages)
        let image = try live.image()
        let store = try image.open()
        // What a start meets is the new list.
        #expect(try store.figures().damagedParts == [])
        #expect(try store.check().problems == [])
        #expect(try LoggedStore.kept(in: store) == live.people)
        store.close()
    }

    @Test("in the list of free pages: a start gives it up as well")
    func freePagesAtStart() throws {
        let (live, _) = try live()
        #expect(live.store.close() == nil)
        let image = try live.image()
        let root = try Inside(path: image.path, ring: image.ring).closed { inside in
            try inside.environment.read { $0.trees.free.record.root }
        }
        let file = try PageFileEditor(image.path)
        try file.change(root, 13) { $0 ^ 1 }
        let reader = try LMDBStoreReader(path: image.path, ring: image.ring)
        #expect(try reader.check().problems.contains { $0.hasPrefix("free pages: ") })
        reader.close()
        for parts in [[StorePart.freePages], []] {
            let store = try image.open()
            #expect(try store.figures().damagedParts == Set(parts))
            #expect(try store.check().problems == [])
            store.close()
        }
    }

    // MARK: Events

    private func lastLeaf(_ store: LMDBStore) throws -> UInt64 {
        try store.environment.read { transaction in
            let path = try #require(try transaction.trees[.events]?.path(to: nil))
            try #require(path.count > 1)
            return try #require(path.last?.page.number)
        }
    }

    /// All events, and those that are told of as missing.
    private func read(_ store: LMDBStore) throws -> (events: [UInt64], missing: [UInt64]) {
        var (events, missing): ([UInt64], [UInt64]) = ([], [])
        var position = EventPosition.after(0)
        while true {
            let slice = try store.events(position, atMost: 50)
            events += slice.events.map(\.sequence)
            missing += slice.unreadable
            guard let end = slice.end else { return (events, missing) }
            position = .after(end)
        }
    }

    private func readBackwards(_ store: LMDBStore) throws -> (events: [UInt64], missing: [UInt64]) {
        var (events, missing): ([UInt64], [UInt64]) = ([], [])
        var position = EventPosition.before(.max)
        while true {
            let slice = try store.events(position, atMost: 50)
            events += slice.events.map(\.sequence)
            missing += slice.unreadable
            guard let end = slice.end else { return (events.reversed(), missing.reversed()) }
            position = .before(end)
        }
    }

    @Test("in the header of the last page of the events: nothing is lost")
    func eventsHeader() throws {
        let (live, file) = try live()
        try file.change(lastLeaf(live.store), 14) { $0 ^ 2 }
        for _ in 0..<3 { try live.turnTwice() }
        #expect(try live.store.figures().damagedParts == [.events])
        #expect(try live.store.check().problems == [])
        let found = try read(live.store)
        #expect(found.events == Array(1...UInt64(live.people)) && found.missing == [])
        #expect(live.store.close() == nil)
        try live.image().expect(people: live.people)
    }

    @Test("in all of the last page of the events: those are missing", arguments: [0, 0xFF])
    func eventsPage(_ byte: UInt8) throws {
        let (live, file) = try live()
        let before = try read(live.store).events
        try file.fill(lastLeaf(live.store), with: byte)
        // At once, before anything was folded.
        let met = try read(live.store)
        #expect(met.missing.count == 1 && met.events.count < before.count)
        #expect(try live.store.figures().damagedParts == [.events])
        for _ in 0..<3 { try live.turnTwice() }

        let found = try read(live.store)
        let first = try #require(found.missing.first)
        #expect(found.missing == [first] && first == met.missing[0])
        #expect(found.events.last == UInt64(live.people))
        let lost = Set(1...UInt64(live.people)).subtracting(found.events)
        #expect(lost.count > 1 && lost.min() == first)
        #expect(lost.allSatisfy { $0 <= before.count })
        let backwards = try readBackwards(live.store)
        #expect(backwards.events == found.events && backwards.missing == [first])
        let problems = try live.store.check().problems
        #expect(problems.contains { $0.contains("some are gone") }, "\(problems)")
        try expectServing(live, .events)
        let store = try live.image().open()
        #expect(try read(store).missing == [first])
        store.close()
    }
}
