// Damage that a store meets while it serves, in what every fold needs. Nobody is kept from logging
// in, the figures name it, and nothing is lost.

import Accounts
import SeededRandom
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

    /// What the whole store depends on.
    enum Vital: CaseIterable, Sendable {
        case header, otherHeader, names, ofStore, wayToEvents, lastEvents

        var part: StorePart {
            switch self {
            case .header, .otherHeader, .names, .ofStore: .store
            case .wayToEvents, .lastEvents: .events
            }
        }

        func page(_ store: LMDBStore) throws -> UInt64 {
            try store.environment.read { transaction in
                let trees = transaction.trees
                switch self {
                case .header: return trees.transaction % 2
                case .otherHeader: return 1 - trees.transaction % 2
                case .names: return trees.main.record.root
                case .ofStore: return try #require(trees[.meta]).record.root
                case .wayToEvents:
                    let tree = try #require(trees[.events])
                    try #require(tree.record.depth > 1)
                    return tree.record.root
                case .lastEvents:
                    return try #require(try trees[.events]?.path(to: nil).last?.page.number)
                }
            }
        }
    }

    /// What becomes of a page.
    enum Blow: CaseIterable, Sendable {
        case zeros, ones, number, room, value

        /// One that is seen at once, and one that leaves the page whole.
        static let daily = Rounds.isProof ? allCases : [.zeros, .value]

        func strike(_ page: UInt64, _ file: PageFileEditor) throws {
            switch self {
            case .zeros: try file.fill(page, with: 0)
            case .ones: try file.fill(page, with: 0xFF)
            case .number: try file.change(page, 1) { $0 ^ 4 }
            case .room: try file.change(page, 13) { $0 ^ 1 }
            // Of LMDB's headers, which have no such page behind them, the last page and the
            // number of the transaction.
            case .value where page < 2:
                for offset in [139, 144] { try file.change(page, offset) { $0 ^ 0x10 } }
            case .value: try file.change(page, 4000) { $0 ^ 0x10 }
            }
        }
    }

    @Test(
        "in what the whole store depends on: it is written anew, and nothing is lost",
        arguments: Vital.allCases, Blow.daily)
    func vital(_ vital: Vital, _ blow: Blow) throws {
        let (live, file) = try live()
        let page = try vital.page(live.store)
        try blow.strike(page, file)
        for _ in 0..<3 { try live.turnTwice() }
        #expect(try live.store.figures().damagedParts == [vital.part])
        #expect(try live.store.figures().damagedPages == 1)
        #expect(try live.store.check().problems == [])
        let found = try read(live.store)
        #expect(found.events == Array(1...UInt64(live.people)) && found.missing == [])
        #expect(live.store.close() == nil)
        try live.image().expect(people: live.people)
    }

    @Test("in the names of tables, met by a login: it is answered all the same")
    func namesAtOnce() throws {
        let (live, file) = try live()
        // So that the lane looks for the tables again.
        try live.store.environment.write { transaction in
            let (meta, key) = (live.store.tables.meta, Array("made up".utf8))
            try key.withBytes { try transaction.put(meta, $0, $0) }
            return ((), isCommitted: true)
        }
        try file.change(Vital.names.page(live.store), 13) { $0 ^ 1 }
        try live.admit()
        #expect(try live.store.figures().damagedParts == [.store])
        live.store.close()
    }

    @Test("in the last events, listed before anything was written: they are told of as missing")
    func listedAtOnce() throws {
        let (live, file) = try live()
        let before = try read(live.store).events
        try file.fill(Vital.lastEvents.page(live.store), with: 0)
        let met = try read(live.store)
        #expect(met.missing.count == 1 && met.events.count < before.count)
        let backwards = try readBackwards(live.store)
        #expect(backwards.events == met.events && backwards.missing == met.missing)
        #expect(try live.store.figures().damagedParts == [.events])
        live.store.close()
    }
}
