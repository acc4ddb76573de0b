// One app floods: past its budget its cheap events are left out and counted, and no others. Both
// engines leave out the same ones.

import Accounts
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@Suite("Cheap events")
struct OmittedEventTests {
    /// Refusals of somebody whom nobody knows, 500 to a batch.
    private func flood(_ subject: Subject, _ count: Int, at now: Instant) throws {
        let eve = try Person("eve")
        let one = eve.wrong(at: now).byAnApp
        for start in stride(from: 0, to: count, by: 500) {
            try subject.ask(Array(repeating: one, count: min(500, count - start)))
        }
    }

    @Test("are left out past the budget of the app that makes them", arguments: Engine.allCases)
    func flooded(_ engine: Engine) throws {
        try engine.run { subject in
            let (ada, bob) = (try Person("ada"), try Person("bob", app: "mail"))
            try subject.ask(ada.bring(at: Clock.start))
            try flood(subject, 10_000, at: Clock.start)
            try #expect(subject.store.figures().lastEvent == 10_001)
            try flood(subject, 2_000, at: Clock.start)
            try #expect(subject.store.figures().lastEvent == 10_001)
            #expect(try subject.store.figures().omittedEvents == 2_000)
            // Another app, and a code of this one, are as they were.
            let now = Clock.after(0)
            try subject.ask(bob.wrong(at: now).byAnApp, ada.wrong(at: now).byAnApp)
            try subject.ask(ada.verify(at: now).byAnApp, ada.wrong(at: now))
            let events = try subject.events().suffix(5)
            #expect(
                events.map(\.result) == [
                    "not_enrolled", "omitted", "wrong_code", "ok", "wrong_code",
                ])
            #expect(events.map(\.app) == ["mail", "shop", "shop", "shop", "shop"])
            #expect(events.map(\.label.reason) == [nil, "2000", nil, nil, nil])
            #expect(events.map(\.user) == ["bob", "", "ada", "ada", "ada"])
        }
    }

    @Test("of an admin are all kept", arguments: Engine.allCases)
    func admin(_ engine: Engine) throws {
        try engine.run { subject in
            let eve = try Person("eve").wrong(at: Clock.start)
            for _ in 0..<25 { try subject.ask(Array(repeating: eve, count: 500)) }
            try #expect(subject.store.figures().lastEvent == 12_500)
        }
    }

    @Test("come again, one a second, and say what is missing between them")
    func again() throws {
        let subject = try Subject(in: TemporaryDirectory(), ring: KeyRing(current: .generate()))
        try flood(subject, 10_500, at: Clock.start)
        for second in 1...3 as ClosedRange<Int64> {
            try flood(subject, 100, at: Clock.after(second))
        }
        let events = try subject.events().suffix(7)
        #expect(
            events.map { $0.label.reason ?? $0.result } == [
                "not_enrolled", "500", "not_enrolled", "99", "not_enrolled", "99", "not_enrolled",
            ])
        try subject.expectSound()
        subject.close()
    }

    @Test("are not told of by a batch that found no room, but by the next that is kept")
    func full() throws {
        let subject = try Subject(.lmdb, mapBytes: 1 << 20)
        try flood(subject, 10_007, at: Clock.start)
        let eve = try Person("eve").wrong(at: Clock.start)
        let others = try (0..<40_000).map { try Person("filler \($0)", app: "mail").enroll() }
        var (start, isFull) = (0, false)
        while !isFull, start < others.count {
            defer { start += 200 }
            do {
                try subject.ask(Array(others[start..<(start + 200)]))
            } catch StoreFault.full {
                isFull = true
                // Once more, with an event that would tell.
                #expect(throws: StoreFault.self) {
                    try subject.ask(others[start..<(start + 200)] + [eve])
                }
            }
        }
        try #require(isFull)
        try subject.ask(eve)
        let slice = try subject.store.events(
            .after(subject.store.lastEvent - 2), atMost: 2)
        #expect(slice.events.map { $0.label.reason ?? $0.result } == ["7", "not_enrolled"])
        subject.close()
    }
}

extension Request {
    /// As an app asks it.
    fileprivate var byAnApp: Request {
        var request = self
        request.mayOmitEvent = true
        return request
    }
}
