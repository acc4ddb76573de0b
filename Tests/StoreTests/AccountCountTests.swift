// How many accounts each app has, in every engine: exact within a batch and across openings,
// written with what changes it, found where it is wrong, and never more than there may be.

import Accounts
import Secrets
import SeededRandom
import Store
import StoreHarness
import Testing

@Suite("Numbers of accounts")
struct AccountCountTests {
    private static func people(_ count: Int, _ name: String = "one of") throws -> [Person] {
        try (0..<count).map { try Person("\(name) \($0)") }
    }

    @Test("follow what makes and removes accounts, and nothing else", arguments: Engine.allCases)
    func life(_ engine: Engine) throws {
        let (ada, bob) = (try Person("ada"), try Person("bob"))
        let other = try Person("ada", app: "blog")
        try engine.run { subject in
            try #expect(subject.counts() == [])
            try subject.ask(ada.enroll())
            try #expect(subject.counts() == ["shop 1"])
            try subject.ask(ada.enroll(), ada.confirm(), bob.bring(at: Clock.start))
            try subject.ask(other.bring(at: Clock.start), bob.bring(at: Clock.start))
            try #expect(subject.counts() == ["blog 1", "shop 2"])
            try subject.reopen()
            try subject.ask(ada.verify(at: Clock.after(30)), bob.wrong(at: Clock.after(30)))
            try subject.ask(try Person("nobody").wrong(at: Clock.after(30)))
            try #expect(subject.counts() == ["blog 1", "shop 2"])
            try #expect(subject.ask(ada.disable(at: Clock.after(60))) == ["ok"])
            try #expect(subject.counts() == ["blog 1", "shop 1"])
            try subject.ask(bob.reset(at: Clock.start), bob.reset(at: Clock.start))
            try #expect(subject.counts() == ["blog 1"])
            // Begun and dropped, in one batch and in two.
            let cancel = ada.request("cancel", Cancel(), at: Clock.start)
            try #expect(subject.ask(ada.enroll(), cancel) == ["ok", "ok"])
            try #expect(subject.counts() == ["blog 1"])
            try subject.ask(ada.enroll())
            try subject.ask(cancel)
            try #expect(subject.counts() == ["blog 1"])
        }
    }

    @Test("never exceed what an app may have, nor keep out who is in", arguments: Engine.allCases)
    func most(_ engine: Engine) throws {
        let people = try Self.people(30)
        try engine.run { subject in
            // Half of them in one batch, half one by one.
            let first = try subject.ask(people.prefix(15).map { $0.enroll().among(10) })
            #expect(first == Array(repeating: "ok", count: 10) + no(5))
            try subject.reopen()
            for person in people.dropFirst(15) {
                try #expect(subject.ask(person.bring(at: Clock.start).among(10)) == no(1))
            }
            try #expect(subject.ask(people[3].enroll().among(10)) == ["ok"])
            try #expect(subject.ask(people[3].confirm().among(10)) == ["ok"])
            // One goes and one comes, in one batch.
            try #expect(
                subject.ask(
                    people[20].enroll().among(10), people[5].reset(at: Clock.start).among(10),
                    people[21].enroll().among(10), people[22].enroll().among(10))
                    == no(1) + ["ok", "ok"] + no(1))
            try #expect(subject.counts() == ["shop 10"])
            // Another app has its own, and who may have more takes more.
            let other = try Person("ada", app: "blog").enroll().among(10)
            try #expect(subject.ask(other, people[22].enroll().among(11)) == ["ok", "ok"])
            // With fewer allowed than there are, all stay.
            try #expect(subject.ask(people[21].enroll().among(1)) == ["ok"])
            try #expect(subject.ask(people[23].enroll().among(1)) == no(1))
            try #expect(subject.counts() == ["blog 1", "shop 11"])
        }
    }

    private func no(_ count: Int) -> [String] {
        Array(repeating: "too_many_accounts", count: count)
    }

    @Test("are listed in pages of any size, in order", arguments: Engine.allCases)
    func pages(_ engine: Engine) throws {
        var random = SeededGenerator.announced("apps in pages")
        try engine.run { subject in
            let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
            var names: Set<String> = []
            for _ in 0..<120 {
                let length = Int.random(in: 1...3, using: &random)
                names.insert(
                    String(
                        (0..<length).map { _ in letters.randomElement(using: &random) ?? "a" }))
            }
            for name in names.shuffled(using: &random) {
                try subject.ask(Person("ada", app: name).bring(at: Clock.start))
            }
            let expected = names.sorted().map { "\($0) 1" }
            for page in [1, 2, 7, names.count - 1, names.count, names.count + 1] {
                try #expect(subject.counts(page: page) == expected, "\(page)")
            }
        }
    }

    @Test("of an app have a key of their own kind")
    func keys() throws {
        let keys = DataKeys.generate().preparedIndex
        let app = try #require(AppName("shop"))
        let id = RecordID(app: app, indexKey: keys)
        #expect(id == RecordID(app: app, indexKey: keys))
        #expect(id != RecordID(app: try #require(AppName("shop2")), indexKey: keys))
        let named = try #require(AccountName(app: app, user: "shop"))
        #expect(id != RecordID(named, indexKey: keys))
    }
}
