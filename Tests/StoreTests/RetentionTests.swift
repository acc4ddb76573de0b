// Old events go from the front, and the chain holds: a check begins where they ended, and an event
// that goes in any other way is missed.

import Accounts
import Glibc
import Patience
import Secrets
import Store
import Testing

@testable import LMDBStore

@Suite("Events that are old")
struct RetentionTests {
    /// A store with an event a day, each in a block of its own, all of them folded.
    private func subject(days: Int64) throws -> (Subject, Person) {
        let ada = try Person("ada")
        let subject = try Subject(
            in: TemporaryDirectory(), ring: KeyRing(current: .generate()))
        try subject.ask(ada.bring(at: Clock.start))
        for day in 1..<days { try subject.ask(ada.verify(at: Clock.after(86_400 * day))) }
        try subject.reopen()
        return (subject, ada)
    }

    private func trim(_ store: LMDBStore) -> EventTrim {
        EventTrim(environment: store.environment, tables: store.tables, keys: store.keys)
    }

    @Test("go in bounded steps, and the rest of the chain is sound")
    func steps() throws {
        let (subject, ada) = try subject(days: 200)
        let trim = trim(try subject.engineStore)
        let cutoff = Clock.after(86_400 * 150)
        for (left, step) in [
            (136, .some), (72, .some), (50, .done), (50, .done),
        ] as [(Int, EventTrim.Step)] {
            try #expect(trim.step(before: cutoff) == step)
            let report = try subject.store.check()
            #expect(report.problems == [])
            #expect(report.events == left)
        }
        try subject.ask(ada.verify(at: Clock.after(86_400 * 200)))
        try subject.expectSound()
        try #expect(subject.events().map(\.sequence) == Array(151...201))
        try subject.expectSound()
        subject.close()
    }

    @Test("may all go, and the next one continues the chain")
    func all() throws {
        let (subject, ada) = try subject(days: 10)
        let step = try trim(subject.engineStore).step(before: Clock.after(86_400 * 100))
        #expect(step == .done)
        #expect(try subject.store.check() == CheckReport(accounts: 1, events: 0))
        try subject.reopen()
        try subject.ask(ada.verify(at: Clock.after(86_400 * 200)))
        try #expect(subject.events().map(\.sequence) == [11])
        try subject.expectSound()
        subject.close()
    }

    @Test("go by themselves once the store knows how long to keep them")
    func byThemselves() throws {
        let (subject, _) = try subject(days: 100)
        let store = try subject.engineStore
        store.keepEvents(for: .days(30)) { Clock.after(86_400 * 100) }
        try eventually("the trim") {
            try store.environment.read { try $0.count(store.tables.events) } == 30
        }
        let report = try store.check()
        #expect(report == CheckReport(accounts: 1, events: 30))
        subject.close()
    }

    @Test("stay when they do not open, for somebody to look at")
    func damaged() throws {
        let (subject, _) = try subject(days: 10)
        try subject.inside { try $0.flip(bit: 300, .events, Inside.key(ofEvent: 4)) }
        try subject.open()
        let store = try subject.engineStore
        let (trim, cutoff) = (trim(store), Clock.after(86_400 * 100))
        try #expect(trim.step(before: cutoff) == .some)
        try #expect(trim.step(before: cutoff) == .stuck(at: 4))
        // And somebody is told.
        store.keepEvents(for: .days(1)) { cutoff }
        try eventually("the stop at what does not open") { store.retention.stuckAt != nil }
        try #expect(store.figures().unreadableEvent == 4)
        try #expect(subject.store.check().problemCount > 0)
        try subject.inside { inside in
            try #expect(inside.pairs(.events).first?.key == Inside.key(ofEvent: 4))
        }
    }

    @Test("stay with a younger one of their block: a clock that was wrong takes nothing along")
    func mixed() throws {
        let (subject, ada) = try subject(days: 3)
        let bob = try Person("bob")
        try subject.ask(ada.wrong(at: Clock.after(86_400)), bob.wrong(at: Clock.after(86_400 * 9)))
        try subject.ask(bob.wrong(at: Clock.after(86_400)))
        try subject.reopen()
        try #expect(trim(subject.engineStore).step(before: Clock.after(86_400 * 5)) == .done)
        try #expect(subject.events().map(\.sequence) == [4, 5, 6])
        try subject.expectSound()
        subject.close()
    }

    @Test("stay while the fold that brings them has not come to its end")
    func foldUnderWay() throws {
        let (subject, _) = try subject(days: 10)
        // As a fold leaves it that was stopped after its first step.
        try subject.inside { inside in
            let head = EventHead(sequence: 3, hash: try inside.eventBlock(4).previous)
            try inside.environment.write { transaction in
                try Meta.putHead(head, transaction, inside.tables, inside.seal)
                return ((), isCommitted: true)
            }
            let keys = StoreKeys(inside.ring, inside.seal, wrappedBy: inside.ring.current.id)
            let trim = EventTrim(
                environment: inside.environment, tables: inside.tables, keys: keys)
            for _ in 0..<2 { _ = try trim.step(before: Clock.after(86_400 * 100)) }
            let left = try inside.pairs(.events).map(\.key)
            #expect(left == (4...10).map { Inside.key(ofEvent: $0) })
        }
    }

    @Test("are missed when they go in any other way")
    func stolen() throws {
        let (subject, _) = try subject(days: 10)
        _ = try trim(subject.engineStore).step(before: Clock.after(86_400 * 5))
        try subject.inside { try $0.delete(.events, Inside.key(ofEvent: 6)) }
        try subject.open()
        try #expect(
            subject.store.check().problems == ["event 7 follows event 5: some are gone"])
        subject.close()
    }
}

extension CheckReport {
    fileprivate init(accounts: Int, events: Int) {
        self.init()
        (self.accounts, self.events) = (accounts, events)
    }
}
