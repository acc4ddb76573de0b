// Accounts and events as looks find them, a few at a time, while a random life goes on: all of
// them, once, in order, wherever they lie at that moment.

import Accounts
import Glibc
import Patience
import SeededRandom
import StoreHarness
import Testing

@testable import LMDBStore
@testable import Store

@Suite("Looks into a store")
struct ListingTests {
    private static let seeds = RandomRequests.seeds

    /// Everything that is there, by looks at so many.
    private func accounts(_ store: any AccountStore, _ count: Int) throws -> [Account] {
        var accounts: [Account] = []
        var after: RecordID?
        for _ in 0..<100_000 {
            let slice = try store.accounts(after: after, atMost: count)
            #expect(slice.entries.count <= count)
            for entry in slice.entries {
                guard case .account(let id, let account) = entry else {
                    Issue.record("an account that does not open")
                    continue
                }
                #expect(id == store.id(of: account.name))
                accounts.append(account)
            }
            guard let end = slice.end else {
                let ids = accounts.map { store.id(of: $0.name) }
                #expect(ids == ids.sorted() && Set(ids).count == ids.count)
                return accounts
            }
            #expect(after.map { $0 < end } ?? true)
            after = end
        }
        Issue.record("a listing without an end")
        return accounts
    }

    private func events(
        _ store: any AccountStore, _ start: EventPosition, _ count: Int
    ) throws -> [Event] {
        var events: [Event] = []
        var position = start
        for _ in 0..<100_000 {
            let slice = try store.events(position, atMost: count)
            #expect(slice.unreadable == [])
            events += slice.events
            guard let end = slice.end else { return events }
            switch position {
            case .after: position = .after(end)
            case .before: position = .before(end)
            }
        }
        Issue.record("a listing without an end")
        return events
    }

    private func expectAll(_ subject: Subject, _ people: [Person], _ count: Int) throws {
        let store = subject.store
        let expected = try people.map { try subject.account($0) }.filter(\.hasFactorRecord)
        let listed = try accounts(store, count)
        #expect(listed.count == expected.count)
        for account in expected { #expect(listed.contains(account), "\(account.name)") }

        try expectAllEvents(store, count)
    }

    private func expectAllEvents(_ store: any AccountStore, _ count: Int) throws {
        let last = try store.figures().lastEvent
        let all = try events(store, .after(0), count)
        #expect(all.map(\.sequence) == Array(1..<(last + 1)))
        #expect(try events(store, .before(.max), count) == all.reversed())
        guard last > 2 else { return }
        for start in [1, last / 3, last / 2, last - 1, last, last + 1] {
            let after = all.filter { $0.sequence > start }
            let before = all.filter { $0.sequence < start }
            #expect(try events(store, .after(start), count) == after, "after \(start)")
            #expect(try events(store, .before(start), count) == before.reversed(), "\(start)")
        }
    }

    @Test("find everything, whatever has been done", arguments: Engine.allCases, seeds)
    func everything(_ engine: Engine, _ seed: UInt64) throws {
        print("looks, seed \(seed)")
        var requests = try RandomRequests(seed: seed)
        var random = SeededGenerator(seed: seed)
        // Enough of them to be in several laps and in LMDB at once.
        let crowd = try (0..<120).map { try Person("one of many \($0)") }
        try engine.run { subject in
            try expectAll(subject, [], 10)
            for round in 0..<Rounds.size(5, proof: 12) {
                let some = crowd.indices.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
                try subject.ask(some.map { crowd[$0].enroll() })
                for index in some.prefix(9) { try subject.ask(crowd[index].reset(at: Clock.start)) }
                for _ in 0..<20 { try subject.ask(requests.batch().map(\.request)) }
                let count = [1, 3, 64, 1000][round % 4]
                try expectAll(subject, requests.people + crowd, count)
                if round % 5 == 4 { try subject.reopen() }
            }
        }
    }

    @Test(
        "find all once while a fold waits, and before anybody has heard of its end",
        arguments: [1, 7, 1000])
    func besideAFold(count: Int) throws {
        let people = try (0..<80).map { try Person("person \($0)") }
        let subject = try Subject(.lmdb)
        let store = try subject.engineStore
        func mark() throws -> LogMark? {
            try store.environment.read { try Meta.mark($0, store.tables, store.keys.seal) }
        }
        try subject.ask(people[..<5].map { $0.bring(at: Clock.start) })
        let before = try mark()
        let gate = Guarded((isHeld: false, isOpen: false))
        let holder = makeThread {
            do {
                try store.environment.write { _ in
                    gate.change { $0.isHeld = true }
                    gate.wait { $0.isOpen }
                    return ((), isCommitted: false)
                }
            } catch {
                Issue.record("\(error)")
            }
        }
        gate.wait { $0.isHeld }
        // One lap is full and cannot be folded; the next one has newer states, and others.
        try subject.ask(people[..<60].map { $0.bring(at: Clock.start) })
        try subject.ask(people[40...].map { $0.bring(at: Clock.start) })
        let hasBoth = try store.look { _, log, _ in !log.other.isEmpty && !log.active.isEmpty }
        #expect(hasBoth)
        try expectAll(subject, people, count)
        gate.change { $0.isOpen = true }
        pthread_join(holder, nil)
        try eventually("the fold") { try mark()?.folded != before?.folded }
        try #expect(accounts(store, count).count == people.count)
        try expectAllEvents(store, count)
        try subject.expectSound()
        subject.close()
    }

    @Test("find events in a long lap, from anywhere", arguments: Engine.allCases)
    func longLap(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            for round in 0..<600 { try subject.ask(ada.wrong(at: Clock.after(Int64(round)))) }
            let store = subject.store
            for start in stride(from: 1, through: 600, by: 7) as StrideThrough<UInt64> {
                let after = try store.events(.after(start), atMost: 3)
                #expect(after.events.first?.sequence == (start < 600 ? start + 1 : nil))
                let before = try store.events(.before(start), atMost: 3)
                #expect(before.events.first?.sequence == (start > 1 ? start - 1 : nil))
            }
        }
    }

    @Test("show no account that has only counts", arguments: Engine.allCases)
    func nameless(_ engine: Engine) throws {
        let (ada, bob) = (try Person("ada"), try Person("bob"))
        try engine.run { subject in
            try subject.ask(ada.enroll(), ada.confirm(), bob.enroll(), bob.confirm())
            try subject.ask(ada.disable(at: Clock.after(30)))
            #expect(try accounts(subject.store, 10).map(\.name) == [bob.name])
            try subject.reopen()
            #expect(try accounts(subject.store, 10).map(\.name) == [bob.name])
        }
    }

    @Test("tell of what does not open, and go on behind it")
    func damaged() throws {
        let people = try (0..<5).map { try Person("user \($0)") }
        let subject = try Subject(.lmdb)
        for person in people { try subject.ask(person.enroll(), person.confirm()) }
        let damagedID = subject.store.id(of: people[2].name)
        try subject.inside { inside in
            try inside.flip(bit: 400, .factors, inside.key(of: people[2]))
            try inside.flip(bit: 400, .events, Inside.key(ofEvent: 5))
        }
        try subject.open()
        let slice = try subject.store.accounts(after: nil, atMost: 100)
        var unreadable: [RecordID] = []
        for case .unreadable(let id, .doesNotOpen) in slice.entries { unreadable.append(id) }
        #expect(slice.entries.count == 5 && unreadable == [damagedID])

        let forward = try subject.store.events(.after(0), atMost: 100)
        #expect(forward.events.map(\.sequence) == [1, 2, 3, 4, 7, 8, 9, 10])
        #expect(forward.unreadable == [5])
        let back = try subject.store.events(.before(.max), atMost: 100)
        #expect(back.events.map(\.sequence) == [10, 9, 8, 7, 4, 3, 2, 1] && back.unreadable == [5])
        // One at a time, it is told of once and passed.
        var (position, told, seen) = (UInt64(0), 0, 0)
        for _ in 0..<20 {
            let slice = try subject.store.events(.after(position), atMost: 1)
            told += slice.unreadable.count
            seen += slice.events.count
            guard let end = slice.end else { break }
            position = end
        }
        #expect(told == 1 && seen == 8)
        subject.close()
    }

    @Test("give the last event's number", arguments: Engine.allCases)
    func last(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            try #expect(subject.store.figures().lastEvent == 0)
            try subject.ask(ada.enroll(), ada.status(), ada.confirm())
            try #expect(subject.store.figures().lastEvent == 2)
            try subject.reopen()
            try #expect(subject.store.figures().lastEvent == 2)
        }
    }
}
