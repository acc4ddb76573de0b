// Events that were deleted, swapped, rewritten or added on the disk are found by the check, even
// when whoever did it had the keys; and a daemon goes on writing after them.

import Accounts
import Secrets
import StoreHarness
import Testing

@testable import LMDBStore
@testable import Store

@Suite("Damaged events")
struct DamagedEventTests {
    struct Forgery: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Whether it is a reason not to start: the end of the chain is not there.
        let isRefused: Bool
        let inflict: @Sendable (Inside) throws -> Void

        init(
            _ description: String, isRefused: Bool = false,
            _ inflict: @escaping @Sendable (Inside) throws -> Void
        ) {
            testDescription = description
            self.isRefused = isRefused
            self.inflict = inflict
        }

        static let all = [
            Forgery("the first two deleted") { try $0.delete(1) },
            Forgery("one in the middle deleted") { try $0.delete(5) },
            Forgery("the last deleted", isRefused: true) { try $0.delete(10) },
            Forgery("the last three deleted", isRefused: true) {
                for number in 8...10 as ClosedRange<UInt64> { try $0.delete(number) }
            },
            Forgery("all deleted", isRefused: true) {
                for pair in try $0.pairs(.events) { try $0.delete(.events, pair.key) }
            },
            Forgery("two sealed values swapped") { inside in
                let (four, seven) = (Inside.key(ofEvent: 4), Inside.key(ofEvent: 7))
                let (first, second) = (
                    try inside.value(.events, four), try inside.value(.events, seven)
                )
                try inside.put(.events, four, second)
                try inside.put(.events, seven, first)
            },
            Forgery("two swapped and sealed anew") { inside in
                let (first, second) = (try inside.eventBlock(4), try inside.eventBlock(7))
                try inside.forge(second, at: 4)
                try inside.forge(first, at: 7)
            },
            Forgery("one sealed anew in another's place") { try $0.forge($0.eventBlock(4), at: 7) },
            Forgery("one rewritten") { try $0.forge($0.eventBlock(5).rewritten("ok"), at: 5) },
            Forgery("the last rewritten", isRefused: true) {
                try $0.forge($0.eventBlock(10).rewritten("ok"), at: 10)
            },
            Forgery("a bit flipped") { inside in
                try inside.flip(bit: 777, .events, Inside.key(ofEvent: 6))
            },
            Forgery("a guard among them") { inside in
                let guards = try inside.pairs(.guards)
                try inside.put(.events, Inside.key(ofEvent: 6), #require(guards.first).value)
            },
        ]
    }

    private func subject() throws -> (Subject, Person) {
        let ada = try Person("ada")
        let subject = try Subject(.lmdb)
        try subject.ask(ada.enroll(), ada.confirm())
        // A block each.
        for hour in 2..<10 { try subject.ask(ada.wrong(at: Clock.after(Int64(hour) * 3600))) }
        return (subject, ada)
    }

    @Test("are found by the check", arguments: Forgery.all)
    func areFound(_ forgery: Forgery) throws {
        let (subject, _) = try subject()
        try subject.expectSound()
        try subject.inside(forgery.inflict)
        try expectFound(in: subject)
        guard !forgery.isRefused else {
            let refusal = #expect(throws: OpeningRefusal.self) { try subject.open() }
            #expect(refusal?.description.contains("newest events are gone") == true)
            return
        }
        try subject.open()
        #expect(try !subject.store.check().problems.isEmpty)
        subject.close()
    }

    private func expectFound(in subject: Subject) throws {
        let reader = try LMDBStoreReader(path: subject.path, ring: subject.ring)
        #expect(try !reader.check().problems.isEmpty)
        reader.close()
    }

    @Test("stay found when the chain goes on", arguments: Forgery.all.filter { !$0.isRefused })
    func stayFound(_ forgery: Forgery) throws {
        let (subject, ada) = try subject()
        try subject.inside(forgery.inflict)
        try subject.open()
        let now = Clock.after(20 * 3600)
        try #expect(subject.ask(ada.verify(at: now), ada.verify(at: now)) == ["ok", "replayed"])
        try subject.reopen()
        let report = try subject.store.check()
        #expect(!report.problems.isEmpty)
        subject.close()
    }

    /// Those that leave somebody without keys something to see.
    private static let visible = Forgery.all.filter { forgery in
        let names = [
            "the first two deleted", "one in the middle deleted", "two sealed values swapped",
            "a bit flipped", "a guard among them",
        ]
        return names.contains(forgery.testDescription)
    }

    @Test("are told of by a listing, which goes on behind them", arguments: visible)
    func listed(_ forgery: Forgery) throws {
        let (subject, ada) = try subject()
        try subject.inside(forgery.inflict)
        try subject.open()
        try subject.ask(ada.wrong(at: Clock.after(90_000)))
        let forward = try subject.store.events(.after(0), atMost: 50)
        let backward = try subject.store.events(.before(.max), atMost: 50)
        #expect(forward.events.map(\.sequence) == backward.events.map(\.sequence).reversed())
        #expect(forward.events.last?.sequence == 11 && forward.events.count < 11)
        #expect(forward.unreadable == backward.unreadable.reversed())
        #expect(!forward.unreadable.isEmpty)
        // From behind the gap on, nothing is missing.
        let rest = try subject.store.events(.after(7), atMost: 50)
        #expect(rest.events.map(\.sequence) == [8, 9, 10, 11] && rest.unreadable == [])
        try #expect(subject.store.figures().damagedParts.isSubset(of: [.events]))
        subject.close()
    }

    @Test("in the places of those to come are a reason not to start", arguments: [11, 12, 5000])
    func nextPlace(_ number: UInt64) throws {
        let (subject, _) = try subject()
        try subject.inside { inside in
            let last = try inside.eventBlock(10)
            let next = EventBlock(
                previous: last.bytes.withUnsafeBytes { SHA256.hash($0) },
                events: last.events.map { $0.numbered(number) })
            try inside.forge(next, at: number)
        }
        let refusal = #expect(throws: OpeningRefusal.self) { try subject.open() }
        #expect(refusal?.description.contains("behind the end of their chain") == true)
        let reader = try LMDBStoreReader(path: subject.path, ring: subject.ring)
        #expect(try !reader.check().problems.isEmpty)
        reader.close()
    }

    @Test("and a chain's end that is gone, damaged or older are refused or found")
    func head() throws {
        let key = Array("head".utf8)
        let (subject, ada) = try subject()
        let older = try subject.inside { try $0.value(.meta, key) }
        try subject.open()
        try subject.ask(ada.wrong(at: Clock.after(90_000)))
        try subject.inside { try $0.put(.meta, key, older) }
        // An older end is one the store once had, but there are events behind it now.
        #expect(throws: OpeningRefusal.self) { try subject.open() }
        try subject.inside { try $0.flip(bit: 99, .meta, key) }
        #expect(throws: OpeningRefusal.self) { try subject.open() }
    }
}

extension Inside {
    fileprivate func delete(_ number: UInt64) throws {
        try delete(.events, Self.key(ofEvent: number))
    }
}

extension EventBlock {
    fileprivate func rewritten(_ result: String) -> EventBlock {
        EventBlock(
            previous: previous,
            events: events.map { event in
                Event(
                    sequence: event.sequence, at: event.at, app: event.app, user: event.user,
                    label: event.label, result: result, method: .totp, alert: event.alert)
            })
    }
}
