// Old events go from the front, and the chain holds: a check begins where they ended, and an event
// that goes in any other way is missed.

import Accounts
import Glibc
import Patience
import Scratch
import Secrets
import Store
import StoreHarness
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
        store.keepEvents(for: .days(30), livedUntil: Clock.after(86_400 * 100))
        try eventually("the trim") {
            try store.environment.read { try $0.count(store.tables.events) } == 30
        }
        let report = try store.check()
        #expect(report == CheckReport(accounts: 1, events: 30))
        subject.close()
    }

    /// All steps there are to do now.
    private func finish(_ retention: Retention) throws {
        for _ in 0..<100 where try !retention.step() { return }
        Issue.record("a pass without an end")
    }

    @Test("stay while the clock is years ahead, also over restarts, and go once it is right")
    func clockAhead() throws {
        let (subject, _) = try subject(days: 100)
        let newest = Clock.after(86_400 * 99)
        let ahead = newest + .days(3 * 365)
        for _ in 0..<3 {
            // A minute of it, from the start on and from within.
            let store = try subject.engineStore
            for seconds: Int64 in [0, 30, 60] {
                store.retention.keep(
                    for: .days(30), atMost: .max, now: { ahead + .seconds(seconds) },
                    uptime: { .seconds(seconds) })
                try finish(store.retention)
            }
            #expect(!store.clockWatch.isTrusted)
            #expect(try !store.figures().isClockTrusted)
            #expect(try store.check() == CheckReport(accounts: 1, events: 100))
            try subject.reopen()
        }
        let store = try subject.engineStore
        // Three minutes have aged nothing by more than eighteen.
        #expect(store.clockWatch.moments.lived <= newest + .minutes(18))
        for (seconds, events) in [(0, 98), (86_400, 97)] as [(Int64, Int)] {
            let now = newest + .minutes(3) + .seconds(seconds)
            store.retention.keep(
                for: .days(98), atMost: .max, now: { now }, uptime: { .seconds(seconds) })
            try finish(store.retention)
            #expect(store.clockWatch.isTrusted)
            #expect(try store.check() == CheckReport(accounts: 1, events: events))
        }
        subject.close()
    }

    @Test("and how far time has come is kept, beside the keys that change")
    func kept() throws {
        let (subject, _) = try subject(days: 2)
        let began = Clock.after(86_400)
        let later = began + .days(1)
        let store = try subject.engineStore
        store.clockWatch.observe(began, uptime: .zero)
        store.clockWatch.observe(later, uptime: .days(1))
        try store.retention.keepMoments(movedBy: .hours(1))
        _ = try store.rotateRecordKey()
        _ = try store.apply([])
        try subject.reopen()
        let expected = LivedClock.Moments(lived: later, expected: later)
        #expect(try subject.engineStore.clockWatch.moments == expected)
        // One that does not open is not believed, and nobody is kept out for it.
        try subject.inside { try $0.flip(bit: 300, .meta, Array("lived".utf8)) }
        try subject.open()
        let newest = LivedClock.Moments(lived: began, expected: began)
        #expect(try subject.engineStore.clockWatch.moments == newest)
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
        store.keepEvents(for: .days(1), livedUntil: cutoff)
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

    @Test("of a clock that was ahead go with the next that is right, and not before")
    func aheadOfTheClock() throws {
        let (subject, ada) = try subject(days: 3)
        for day: Int64 in 3..<100 { try subject.ask(ada.wrong(at: Clock.after(86_400 * day * 50))) }
        try subject.ask(ada.wrong(at: Clock.after(86_400 * 4)))
        try subject.reopen()
        let trim = trim(try subject.engineStore)
        let now = Clock.after(86_400 * 100)
        // Those of the first three days go; of the others, the next that is right is too young.
        try #expect(trim.step(before: Clock.after(86_400 * 4), at: now) == .done)
        #expect(try subject.store.check() == CheckReport(accounts: 1, events: 98))
        // In bounded steps, with it.
        let later = Clock.after(86_400 * 5)
        try #expect(trim.step(before: later, at: now) == .some)
        #expect(try subject.store.check() == CheckReport(accounts: 1, events: 34))
        try #expect(trim.step(before: later, at: now) == .done)
        #expect(try subject.store.check() == CheckReport(accounts: 1, events: 0))
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
