// What every engine must do with limits: count exactly within a batch and across openings, charge a
// source together with the account, and forget what is over.

import Accounts
import SeededRandom
import Store
import StoreHarness
import Testing

@Suite("Limits in an engine")
struct LimitStoreTests {
    @Test("let through exactly max, in one batch and over many", arguments: Engine.allCases)
    func exact(_ engine: Engine) throws {
        try engine.run { subject in
            let key = try limitKey("login")
            let change = key.change(max: 100, in: subject.store)
            let once = try subject.briefs(Array(repeating: change, count: 60))
            #expect(once == Array(repeating: "ok", count: 60))
            try subject.reopen()
            let again = try subject.briefs(Array(repeating: change, count: 60))
            let refused = Array(repeating: "throttled", count: 20)
            #expect(again == Array(repeating: "ok", count: 40) + refused)
            try subject.reopen()
            try #expect(subject.briefs([change]) == ["throttled"])
            try #expect(subject.store.check().limits == 1)
        }
    }

    @Test("write nothing for what they refuse or only look at", arguments: Engine.allCases)
    func unchanged(_ engine: Engine) throws {
        try engine.run { subject in
            let key = try limitKey("login")
            try subject.briefs([key.change(max: 1, in: subject.store)])
            let quiet = [
                key.change(max: 1, in: subject.store),
                key.change(.peek(1), max: 1, in: subject.store),
                try limitKey("other").change(.peek(1), max: 1, in: subject.store),
                try limitKey("other").change(.reset, max: 1, in: subject.store),
            ]
            try #expect(subject.briefs(quiet) == ["throttled", "throttled", "ok", "ok"])
            try #expect(subject.store.check().limits == 1)
            try #expect(subject.events().isEmpty, "limits have no events")
        }
    }

    @Test("forget a key that was reset, and all that is over", arguments: Engine.allCases)
    func forgetting(_ engine: Engine) throws {
        try engine.run { subject in
            let store = subject.store
            let keys = try limitKeys(sharingABucketOf: store, count: 3)
            try subject.briefs(keys.map { $0.change(max: 1, in: store) })
            try #expect(store.check().limits == 3)
            try subject.briefs([keys[0].change(.reset, max: 1, in: store)])
            try #expect(store.check().limits == 2)
            // A minute later the other two are over, and the next change drops them.
            let later = Clock.after(60)
            try #expect(subject.briefs([keys[0].change(max: 1, at: later, in: store)]) == ["ok"])
            try #expect(store.check().limits == 1)
            try subject.briefs([keys[0].change(.reset, max: 1, at: later, in: store)])
            try #expect(store.check().limits == 0)
            try subject.reopen()
            try #expect(subject.store.check() == CheckReport())
        }
    }

    @Test("are shown with whose they are, page by page", arguments: Engine.allCases)
    func owners(_ engine: Engine) throws {
        try engine.run { subject in
            let (shop, blog) = (try #require(AppName("shop")), try #require(AppName("blog")))
            // Some in LMDB, the rest in the log; one in both, and one that is gone from the log.
            for number in 0..<200 {
                let key = try limitKey("key \(number)", app: number % 4 == 0 ? "blog" : "shop")
                try subject.briefs([key.change(max: 10, in: subject.store)])
                if number == 120 { try subject.reopen() }
            }
            let person = try Person("ada")
            let wrong = person.wrong(at: Clock.start).from("203.0.113.7")
            try subject.ask(person.bring(at: Clock.start), wrong)
            let (again, gone) = (try limitKey("key 1"), try limitKey("key 2"))
            try subject.briefs([
                again.change(max: 10, in: subject.store),
                gone.change(.reset, max: 10, in: subject.store),
            ])
            var (counts, after, looks) = (LimitKeyCounts(), RecordID?.none, 0)
            repeat {
                let slice = try subject.store.limits(after: after, atMost: 32)
                #expect(slice.buckets.count <= 32)
                counts.add(slice, at: Clock.start)
                after = slice.end
                looks += 1
            } while after != nil && looks < 1000
            #expect(counts.byApp == [shop: 149, blog: 50])
            #expect(counts.ofUnknown == 0 && counts.unreadable == 0)
        }
    }

    @Test("refuse a new key where there is no room, and no other", arguments: Engine.allCases)
    func full(_ engine: Engine) throws {
        try engine.run { subject in
            let store = subject.store
            let keys = try limitKeys(sharingABucketOf: store, count: LimitBucket.capacity + 1)
            let answers = try subject.briefs(keys.map { $0.change(max: 2, in: store) })
            let taken = Array(repeating: "ok", count: LimitBucket.capacity)
            #expect(answers == taken + ["too_many_keys"])
            try #expect(subject.briefs([keys[0].change(max: 2, in: store)]) == ["ok"])
            let other = try limitKey("a key of another app", app: "blog")
            try #expect(subject.briefs([other.change(max: 2, in: store)]) == ["ok"])
            // Half a minute gives everybody back what was spent, and so there is room.
            let late = keys[LimitBucket.capacity].change(max: 2, at: Clock.after(30), in: store)
            try #expect(subject.briefs([late]) == ["ok"])
        }
    }

    @Test("charge a source with the account, in one batch", arguments: Engine.allCases)
    func source(_ engine: Engine) throws {
        try engine.run { subject in
            let people = try (0..<12).map { try Person("user \($0)") }
            try subject.ask(people.flatMap { [$0.enroll(), $0.confirm()] })
            let now = Clock.after(30)
            let wrong = people.flatMap { person in
                (0..<5).map { person.wrong(at: now, $0).from("203.0.113.7") }
            }
            let answers = try subject.ask(wrong)
            #expect(answers.filter { $0 == "wrong_code" }.count == 50)
            #expect(answers.suffix(10) == Array(repeating: "throttled", count: 10)[...])
            try subject.reopen()
            try #expect(subject.account(people[9]).guard.totp.consecutiveFailures == 5)
            try #expect(subject.account(people[10]).guard.totp.consecutiveFailures == 0)
            let right = people[11].verify(at: now)
            try #expect(subject.ask(right.from("203.0.113.7")) == ["throttled"])
            try #expect(subject.ask(right.from("203.0.113.8")) == ["ok"])
            let later = people[10].verify(at: Clock.after(42)).from("203.0.113.7")
            try #expect(subject.ask(later) == ["ok"])
            try #expect(subject.store.check().limits == 1)
        }
    }

    @Test("are decided alike by all, at random")
    func alike() throws {
        var random = SeededGenerator.announced()
        let subjects = try Engine.allCases.map { try Subject($0) }
        for _ in 0..<Rounds.number(20, proof: 60) {
            let requests = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                RandomLimit(using: &random)
            }
            let answers = try subjects.map { subject in
                try subject.store.apply(requests.map { try $0.change(in: subject.store) })
                    .map { "\($0)" }
            }
            for other in answers.dropFirst() { #expect(other == answers[0]) }
            if Int.random(in: 0..<10, using: &random) == 0 {
                for subject in subjects { try subject.reopen() }
            }
        }
        let reports = try subjects.map { try $0.store.check() }
        #expect(reports[0].limits > 0)
        for other in reports.dropFirst() { #expect(other == reports[0]) }
        for subject in subjects {
            try subject.expectSound()
            try subject.end()
        }
    }
}

/// Few keys, so that they meet again.
private struct RandomLimit {
    let key: String
    let action: Limit.Action
    let max: Int
    let now: Instant

    init(using random: inout SeededGenerator) {
        key = "key \(Int.random(in: 0..<20, using: &random))"
        max = Int.random(in: 1...8, using: &random)
        now = Clock.after(Int64.random(in: 0...90, using: &random))
        switch Int.random(in: 0..<10, using: &random) {
        case 0: action = .reset
        case 1: action = .peek(Int.random(in: 1...max, using: &random))
        default: action = .spend(Int.random(in: 1...max, using: &random))
        }
    }

    func change(in store: any AccountStore) throws -> Change {
        try limitKey(key).change(action, max: max, at: now, in: store)
    }
}
