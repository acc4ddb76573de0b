// A rename in every engine: both names at once, or neither.

import Accounts
import Store
import StoreHarness
import Testing

@Suite("A rename in a store")
struct RenameStoreTests {
    private static func renaming(_ person: Person, _ other: Person) -> Request {
        person.request("rename", Rename(to: other.name), at: Clock.after(60))
    }

    /// The same person under another name.
    private static func alias(_ person: Person, _ user: String, app: String = "shop") throws
        -> Person
    {
        Person(of: try Person(user, app: app).name, with: person.secret)
    }

    @Test("moves the account, its used steps and its place in the app", arguments: Engine.allCases)
    func moves(_ engine: Engine) throws {
        let ada = try Person("ada")
        let (augusta, blogger) = (
            try Self.alias(ada, "augusta"), try Self.alias(ada, "ada", app: "blog")
        )
        try engine.run { subject in
            try subject.ask(ada.enroll(), ada.confirm(), ada.verify(at: Clock.after(60)))
            let before = try subject.account(ada)
            // Behind it in the same batch, its code is used under the new name, and nobody has
            // the old one.
            let answers = try subject.ask(
                Self.renaming(ada, augusta), augusta.verify(at: Clock.after(60)),
                ada.verify(at: Clock.after(60)), augusta.wrong(at: Clock.after(60)))
            #expect(answers == ["ok", "replayed", "not_enrolled", "wrong_code"])
            try subject.reopen()
            let after = try subject.account(augusta)
            #expect(after.factor == before.factor && after.backupCodes == before.backupCodes)
            #expect(after.guard.totp.consecutiveFailures == 1)
            try #expect(subject.account(ada) == Account(ada.name))
            try #expect(subject.counts() == ["shop 1"])

            try #expect(subject.ask(Self.renaming(augusta, blogger)) == ["ok"])
            try #expect(subject.counts() == ["blog 1"])
            try #expect(subject.ask(Self.renaming(augusta, ada)) == ["not_enrolled"])
            try subject.ask(ada.bring(at: Clock.after(90)))
            try #expect(subject.ask(Self.renaming(blogger, ada)) == ["name_taken"])
            try #expect(subject.counts() == ["blog 1", "shop 1"])
            let renames = try subject.events().filter { $0.label.op == "rename" }
            #expect(renames.map(\.user) == ["ada", "augusta", "augusta", "ada"])
            #expect(renames.map(\.result) == ["ok", "ok", "not_enrolled", "name_taken"])
        }
    }

    @Test("there and back in one batch changes nothing but the history", arguments: Engine.allCases)
    func thereAndBack(_ engine: Engine) throws {
        let ada = try Person("ada")
        let augusta = try Self.alias(ada, "augusta")
        try engine.run { subject in
            try subject.ask(ada.bring(at: Clock.start), ada.verify(at: Clock.after(30)))
            var before = try subject.account(ada)
            try #expect(
                subject.ask(
                    Self.renaming(ada, augusta), Self.renaming(augusta, ada),
                    Self.renaming(augusta, ada)) == ["ok", "ok", "not_enrolled"])
            var after = try subject.account(ada)
            #expect(after.guard.history.count == before.guard.history.count + 2)
            after.guard.history = History()
            before.guard.history = History()
            #expect(after == before)
            try #expect(subject.account(augusta) == Account(augusta.name))
            try #expect(subject.counts() == ["shop 1"])
        }
    }

    @Test("into a full app is refused", arguments: Engine.allCases)
    func full(_ engine: Engine) throws {
        let (ada, bob) = (try Person("ada"), try Person("bob", app: "blog"))
        let moved = try Self.alias(ada, "ada", app: "blog")
        try engine.run { subject in
            try subject.ask(ada.bring(at: Clock.start), bob.bring(at: Clock.start))
            try #expect(
                subject.ask(Self.renaming(ada, moved).among(1)) == ["too_many_accounts"])
            try #expect(subject.ask(Self.renaming(ada, moved).among(2)) == ["ok"])
            try #expect(subject.counts() == ["blog 2"])
        }
    }
}
