// Buckets of limits on the disk: those that are over go by themselves, in bounded steps; those that
// are damaged refuse, are found, and are mended by a reset.

import Accounts
import Glibc
import Patience
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("Buckets of limits")
struct LimitSweepTests {
    /// A store with keys that are over after a minute, and some that last a month, all folded.
    private func subject(over: Int, lasting: Int) throws -> Subject {
        let subject = try Subject(
            in: TemporaryDirectory(), ring: KeyRing(current: .generate()))
        let store = subject.store
        let short = try (0..<over).map { try limitKey("over \($0)").change(max: 1, in: store) }
        let month = LimitPolicy(max: 1, per: .days(30))
        let long = try (0..<lasting).map { index in
            let key = try limitKey("lasting \(index)")
            return Change.limit(
                LimitChange(
                    address: store.address(of: key), limit: Limit(.spend(1), under: .given(month)),
                    now: Clock.start, under: .standard))
        }
        let all = short + long
        for start in stride(from: 0, to: all.count, by: 500) {
            try subject.briefs(Array(all[start..<min(start + 500, all.count)]))
        }
        try subject.reopen()
        return subject
    }

    private func sweep(_ store: LMDBStore) -> LimitSweep {
        LimitSweep(environment: store.environment, tables: store.tables, keys: store.keys)
    }

    private func buckets(_ store: LMDBStore) throws -> Int {
        try store.environment.read { try $0.count(store.tables.limits) }
    }

    /// One pass; returns how many steps it took.
    private func pass(_ sweep: LimitSweep, at now: Instant) throws -> Int {
        for steps in 1...1000 where try !sweep.step(at: now) { return steps }
        preconditionFailure("a pass has an end")
    }

    @Test("that are over go, not before, in bounded steps, and no other")
    func steps() throws {
        let subject = try subject(over: 1_500, lasting: 30)
        let store = try subject.engineStore
        let sweep = sweep(store)
        let before = try buckets(store)
        // Two of the keys may share one of the app's 65,536 buckets.
        let lasting = try Set(
            (0..<30).map { store.address(of: try limitKey("lasting \($0)")).bucket }
        )
        .count
        // Over for an hour, less a millisecond.
        let early = Clock.after(3_660) + Duration(milliseconds: -1)
        try #expect(pass(sweep, at: early) >= before / LimitSweep.looksPerStep)
        try #expect(buckets(store) == before)
        let steps = try pass(sweep, at: Clock.after(3_660))
        #expect(steps >= (before - lasting) / LimitSweep.removedPerStep)
        try #expect(buckets(store) == lasting)
        // What lasts still counts.
        let again = try limitKey("lasting 7").change(max: 1, at: Clock.after(3_661), in: store)
        try #expect(subject.briefs([again]) == ["throttled"])
        try subject.expectSound()
        subject.close()
    }

    @Test("go by themselves, also where nobody asks any more")
    func byThemselves() throws {
        let subject = try subject(over: 300, lasting: 3)
        let store = try subject.engineStore
        store.keepEvents(for: .days(400), livedUntil: Clock.after(86_400))
        try eventually("the sweep") { try buckets(store) == 3 }
        try subject.expectSound()
        subject.close()
    }

    @Test("that the log has newer are not brought back by what was removed")
    func log() throws {
        let subject = try subject(over: 1, lasting: 0)
        let store = try subject.engineStore
        let later = Clock.after(7_200)
        let change = try limitKey("over 0").change(max: 1, at: later, in: store)
        try #expect(subject.briefs([change]) == ["ok"])
        _ = try pass(sweep(store), at: later)
        try #expect(subject.briefs([change]) == ["throttled"])
        try subject.reopen()
        try #expect(subject.briefs([change]) == ["throttled"])
        subject.close()
    }

    @Test("that a fold made newer after they were found stay")
    func foundTooEarly() throws {
        let subject = try subject(over: 0, lasting: 1)
        let store = try subject.engineStore
        let keys = try store.environment.read { transaction in
            var keys: [[UInt8]] = []
            try transaction.forEach(store.tables.limits) { key, _ in keys.append(Array(key)) }
            return keys
        }
        try sweep(store).remove(keys, overAt: Clock.after(86_400))
        let again = try limitKey("lasting 0").change(max: 1, at: Clock.after(86_400), in: store)
        try #expect(subject.briefs([again]) == ["throttled"])
        try sweep(store).remove(keys, overAt: Clock.after(86_400 * 31))
        try #expect(buckets(store) == 0)
        subject.close()
    }

    // MARK: Damage

    /// A limit and a source, whose records get damaged, and bystanders, whose do not.
    private func damaged(
        _ inflict: (Inside, _ key: [UInt8]) throws -> Void
    ) throws -> (Subject, limit: LimitKey, ada: Person) {
        let subject = try Subject(.lmdb)
        let ada = try Person("ada")
        let limit = try limitKey("login")
        try subject.ask(ada.enroll(), ada.confirm())
        try subject.ask(ada.wrong(at: Clock.after(30)).from("203.0.113.7"))
        try subject.briefs([limit.change(max: 1, in: subject.store)])
        try subject.inside { inside in
            for pair in try inside.pairs(.limits) { try inflict(inside, pair.key) }
        }
        try subject.open()
        return (subject, limit, ada)
    }

    @Test("that do not open refuse what they count, and nothing else", arguments: [8, 40, 300, -1])
    func refuses(_ bit: Int) throws {
        let (subject, limit, ada) = try damaged { inside, key in
            let bits = 8 * (try inside.value(.limits, key).count)
            try inside.flip(bit: bit < 0 ? bits + bit : bit, .limits, key)
        }
        let store = subject.store
        let no = "unreadable limit: doesNotOpen"
        try #expect(subject.store.figures().damagedParts == [])
        try #expect(
            subject.briefs([
                limit.change(max: 1, in: store), limit.change(.peek(1), max: 1, in: store),
            ]) == [no, no])
        try #expect(subject.briefs([limitKey("other").change(max: 1, in: store)]) == ["ok"])

        let problems = try store.check().problems
        #expect(problems.count == 2 && problems.allSatisfy { $0.hasPrefix("limits ") })
        try #expect(store.figures().damagedParts == [.limits])
        // A sweep is no way out.
        _ = try pass(sweep(subject.engineStore), at: Clock.after(86_400 * 365))
        try #expect(store.check().problemCount == 2)

        // A source counts as spent from the first time on that it is met.
        func verify(_ seconds: Int64) -> Request { ada.verify(at: Clock.after(seconds)) }
        try #expect(
            subject.ask(verify(60).from("203.0.113.7"), verify(60).from("203.0.113.7"))
                == [no, "throttled"])
        try #expect(subject.ask(verify(60).from("203.0.113.8")) == ["ok"])
        try subject.reopen()
        try #expect(
            subject.ask(verify(659).from("203.0.113.7"), verify(660).from("203.0.113.7"))
                == ["throttled", "ok"])
        try expectMended(subject, limit, no)
    }

    /// A limit's way out is a reset.
    private func expectMended(_ subject: Subject, _ limit: LimitKey, _ no: String) throws {
        let store = subject.store
        try #expect(subject.briefs([limit.change(max: 1, in: store)]) == [no])
        let mended = try subject.briefs([
            limit.change(.reset, max: 1, in: store), limit.change(max: 1, in: store),
            limit.change(max: 1, in: store),
        ])
        #expect(mended == ["ok", "ok", "throttled"])
        try subject.expectSound()
        try #expect(
            subject.events().suffix(5).map(\.result)
                == ["unavailable", "throttled", "ok", "throttled", "ok"])
        subject.close()
    }

    @Test("with another key by damage are not forgotten", arguments: [8, 15, 63, 64, 120, 127])
    func otherKey(_ bit: Int) throws {
        let (subject, limit, ada) = try damaged { inside, key in
            var other = key
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            let value = try inside.value(.limits, key)
            try inside.delete(.limits, key)
            try inside.put(.limits, other, value)
        }
        let answers = try subject.briefs([limit.change(max: 1, in: subject.store)])
        #expect(answers.allSatisfy { $0.hasPrefix("unreadable limit: pageDamaged") })
        try #expect(subject.store.figures().damagedParts == [.limits])
        let asked = ada.verify(at: Clock.after(60))
        let spent = try subject.ask(asked.from("203.0.113.7"), asked.from("203.0.113.7"))
        #expect(spent[0].hasPrefix("unreadable limit") && spent[1] == "throttled", "\(spent)")
        // Keys that are near nothing are new ones.
        try #expect(subject.briefs([limitKey("other").change(max: 1, in: subject.store)]) == ["ok"])
        try #expect(subject.ask(asked.from("203.0.113.8")) == ["ok"])
        let mended = try subject.briefs([
            limit.change(.reset, max: 1, in: subject.store),
            limit.change(max: 1, in: subject.store), limit.change(max: 1, in: subject.store),
        ])
        #expect(mended == ["ok", "ok", "throttled"])
        subject.close()
    }

    @Test("that changed places do not open")
    func moved() throws {
        let subject = try Subject(.lmdb)
        let store = subject.store
        let keys = try ["a", "b"].map { try limitKey($0) }
        try subject.briefs([keys[0].change(max: 1, in: store), keys[1].change(max: 9, in: store)])
        try subject.inside { inside in
            let pairs = try inside.pairs(.limits)
            try #require(pairs.count == 2)
            try inside.put(.limits, pairs[0].key, pairs[1].value)
            try inside.put(.limits, pairs[1].key, pairs[0].value)
        }
        try subject.open()
        let no = "unreadable limit: doesNotOpen"
        try #expect(
            subject.briefs(keys.map { $0.change(max: 1, in: subject.store) }) == [no, no])
        subject.close()
    }
}
