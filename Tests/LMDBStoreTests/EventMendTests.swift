// A last page of the events that a start finds damaged: it is written anew, with what still opens,
// and a gap in the trail says for ever which events are lost. Nobody's login needs them.

import Accounts
import Scratch
import Secrets
import Store
import StoreHarness
import StoreWorkload
import Testing

@testable import LMDBStore

@Suite("A last page of the events that is damaged at a start")
struct EventMendTests {
    private static let now = Clock.after(100)

    /// A store with events in several of LMDB's pages, that was closed.
    private func closed() throws -> (CrashImage, people: Int) {
        let live = try LoggedStore(sectors: 24)
        for _ in 0..<2 { try live.turnTwice() }
        #expect(live.store.close() == nil)
        return (try live.image(), live.people)
    }

    /// The last page of the events, and where each of its nodes begins.
    private func lastPage(_ image: CrashImage) throws -> UInt64 {
        try Inside(path: image.path, ring: image.ring).closed { inside in
            try inside.environment.read { transaction in
                let path = try #require(try transaction.trees[.events]?.path(to: nil))
                try #require(path.count > 1)
                return try #require(path.last?.page.number)
            }
        }
    }

    private func events(_ store: LMDBStore) throws -> (events: [Event], unreadable: [UInt64]) {
        var (events, unreadable): ([Event], [UInt64]) = ([], [])
        var position = EventPosition.after(0)
        while true {
            let slice = try store.events(position, atMost: 50)
            events += slice.events
            unreadable += slice.unreadable
            guard let end = slice.end else { return (events, unreadable) }
            position = .after(end)
        }
    }

    private func check(_ image: CrashImage, through anchor: ChainAnchor? = nil) throws
        -> CheckReport
    {
        let reader = try LMDBStoreReader(path: image.path, ring: image.ring)
        defer { reader.close() }
        return try reader.check(through: anchor)
    }

    /// Opens it, and expects that these events are lost, and nothing else, now and later.
    private func expectLost(_ lost: [ClosedRange<UInt64>], _ image: CrashImage, _ people: Int)
        throws
    {
        for opening in 0..<3 {
            let store = try image.open(at: Self.now)
            #expect((store.lostEvents != nil) == (opening == 0))
            if let found = store.lostEvents { #expect(found.gaps.map(\.lost) == lost) }
            #expect(try store.figures().damagedParts == (opening == 0 ? [.events] : []))
            #expect(try LoggedStore.kept(in: store) == people)
            let newcomer = try Person("newcomer \(opening)").bring(at: Self.now)
            #expect(try store.apply([newcomer.change(in: store)]).map(\.brief) == ["ok"])
            let report = try store.check()
            #expect(report.problems == [])
            #expect(report.lostEvents == lost.reduce(0) { $0 + $1.count })
            #expect(report.events + report.lostEvents == people + opening + 1)
            #expect(report.losses.count == lost.count)
            let (events, unreadable) = try events(store)
            #expect(unreadable == [])
            let told = events.filter { $0.result == EventGap.result }
            #expect(told.map(\.sequence) == lost.map(\.lowerBound))
            #expect(told.map(\.label.reason) == lost.map { "\($0.count)" })
            let last = try #require(events.last?.sequence)
            #expect(last == UInt64(people + opening + 1))
            let back = try store.events(.before(.max), atMost: 1000)
            #expect(back.events == events.reversed().prefix(back.events.count).map { $0 })
            #expect(back.unreadable == [])
            #expect(store.close() == nil)
            try #expect(check(image).problems == [])
        }
    }

    /// The events of a page, by the first and last of each of its blocks.
    private func blocks(_ image: CrashImage, on page: UInt64) throws -> [ClosedRange<UInt64>] {
        try Inside(path: image.path, ring: image.ring).closed { inside in
            try inside.environment.read { transaction in
                let tree = try #require(transaction.trees[.events])
                let leaf = try tree.page(page, at: tree.record.depth - 1)
                return try (0..<leaf.count).map { index in
                    let node = try leaf.node(index)
                    let value = try leaf.value(node, tree.pages)
                    let block = try #require(inside.seal.openedEvents(value, at: node.key))
                    return block.first...block.last
                }
            }
        }
    }

    @Test("with nothing left of it: all its events are lost", arguments: [0, 0xFF])
    func all(_ byte: UInt8) throws {
        let (image, people) = try closed()
        let page = try lastPage(image)
        let blocks = try blocks(image, on: page)
        try PageFileEditor(image.path).fill(page, with: byte)
        try #expect(!check(image).problems.isEmpty)
        let lost = try #require(blocks.first).lowerBound...UInt64(people)
        try expectLost([lost], image, people)
    }

    @Test("in its header: nothing is lost")
    func header() throws {
        let (image, people) = try closed()
        try PageFileEditor(image.path).change(lastPage(image), 14) { $0 ^ 2 }
        try expectLost([], image, people)
    }

    @Test("in its header, and in records: those are lost")
    func records() throws {
        let (image, people) = try closed()
        let page = try lastPage(image)
        let blocks = try blocks(image, on: page)
        let file = try PageFileEditor(image.path)
        try file.change(page, 14) { $0 ^ 2 }
        let places = [0, 2, blocks.count - 1]
        for place in places { try file.change(page, file.node(page, place) + 60) { $0 ^ 1 } }
        try expectLost(places.map { blocks[$0] }, image, people)
    }

    @Test("in so many records that there is no room to tell of each: one gap is for all")
    func noRoom() throws {
        let subject = try Subject(in: TemporaryDirectory(), ring: KeyRing(current: .generate()))
        let people = try (0..<80).map { try Person("made up \($0)") }
        // Blocks that are long: the page has no more than where each of them lies.
        for day in 0..<60 as Range<Int64> {
            try subject.ask(people.map { $0.wrong(at: Clock.after(86_400 * day)) })
        }
        let end = try #require(try subject.engineStore.figures().anchor)
        let (page, places) = try subject.inside { inside in
            try inside.environment.read { transaction in
                let tree = try #require(transaction.trees[.events])
                let leaf = try #require(try tree.path(to: nil).last?.page)
                let places = try (0..<leaf.count).compactMap {
                    try leaf.elsewhere(leaf.node($0))
                }
                #expect(places.count > 50)
                return (leaf.number, places)
            }
        }
        let file = try PageFileEditor(subject.path)
        try file.change(page, 14) { $0 ^ 2 }
        for place in stride(from: 3, to: places.count, by: 2) {
            try file.change(places[place], 1000) { $0 ^ 1 }
        }
        try subject.open()
        let store = try subject.engineStore
        let gaps = try #require(store.lostEvents?.gaps)
        #expect(gaps.count == 1 && gaps.first?.lost.upperBound == end.sequence, "\(gaps)")
        let report = try store.check()
        #expect(report.problems == [])
        #expect(report.events > 0 && report.lostEvents > 1000)
        #expect(report.events + report.lostEvents == Int(end.sequence))
        subject.close()
    }

    @Test("with a last key of another length: that event is lost")
    func lastKey() throws {
        let (image, people) = try closed()
        let page = try lastPage(image)
        let file = try PageFileEditor(image.path)
        let last = try file.count(page) - 1
        // Where the value ends is the same, as even numbers go.
        let node = try file.node(page, last)
        let length = try file.byte(page, node)
        try file.change(page, node + 6) { $0 + 2 }
        try file.change(page, node) { _ in length - 2 }
        try expectLost([UInt64(people)...UInt64(people)], image, people)
    }

    @Test("after a crash: what the log has is not lost")
    func crashed() throws {
        let live = try LoggedStore(sectors: 24)
        for _ in 0..<2 { try live.turnTwice() }
        let image = try live.unfolded { try live.image() }
        live.store.close()
        let folded = try Inside(path: image.path, ring: image.ring).closed { inside in
            try inside.environment.read {
                try #require(try Meta.head($0, inside.tables, inside.seal)).sequence
            }
        }
        #expect(folded < UInt64(live.people), "the log has nothing")
        let page = try lastPage(image)
        let first = try #require(try blocks(image, on: page).first).lowerBound
        try PageFileEditor(image.path).fill(page, with: 0)
        try expectLost([first...folded].filter { $0.count > 0 }, image, live.people)
    }

    @Test("with the way there: the start is refused, with the way out")
    func branch() throws {
        let (image, _) = try closed()
        let root = try Inside(path: image.path, ring: image.ring).closed { inside in
            try inside.environment.read { try #require($0.trees[.events]).record.root }
        }
        try PageFileEditor(image.path).change(root, 13) { $0 ^ 1 }
        #expect(image.refusal().hasPrefix("page \(root) of data.mdb is damaged: "))
        #expect(image.refusal().hasSuffix("; hint: restore a backup"))
    }

    @Test("leaves an anchor among the lost ones without a proof, and one behind them with it")
    func anchors() throws {
        let (image, people) = try closed()
        let page = try lastPage(image)
        let block = try #require(try blocks(image, on: page).dropFirst().first)
        let end = try image.open(at: Self.now)
        let anchor = try #require(try end.figures().anchor)
        end.close()
        try PageFileEditor(image.path).fill(lastPage(image), with: 0)
        let store = try image.open(at: Self.now)
        let newcomer = try Person("newcomer").bring(at: Self.now)
        _ = try store.apply([newcomer.change(in: store)])
        #expect(store.close() == nil)
        // The last that is lost is known by its hash.
        #expect(anchor.sequence == UInt64(people))
        try #expect(check(image, through: anchor).problems == [])
        let other = ChainAnchor(sequence: block.lowerBound, hash: anchor.hash)
        try #expect(
            check(image, through: other).problems == [
                "event \(block.lowerBound) of the anchor is lost: nothing tells whether the chain "
                    + "went through it"
            ])
    }

    @Test("goes in its turn, when it is old")
    func retention() throws {
        let (image, people) = try closed()
        try PageFileEditor(image.path).fill(lastPage(image), with: 0)
        let store = try image.open(at: Self.now)
        let newcomer = try Person("newcomer").bring(at: Clock.after(10_000))
        _ = try store.apply([newcomer.change(in: store)])
        #expect(store.close() == nil)
        try Inside(path: image.path, ring: image.ring).closed { inside in
            let keys = StoreKeys(
                inside.ring, inside.seal, wrappedBy: inside.ring.current.id)
            let trim = EventTrim(
                environment: inside.environment, tables: inside.tables, keys: keys)
            while try trim.step(before: Clock.after(5000)) == .some {}
            try #expect(inside.eventBlocks().map(\.first) == [UInt64(people) + 1])
        }
        let report = try check(image)
        #expect(report.problems == [] && report.lostEvents == 0 && report.events == 1)
    }
}
