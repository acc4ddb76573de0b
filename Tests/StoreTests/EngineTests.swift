// What every engine must do, told through the life of an account. The same tests run over all of
// them.

import Accounts
import OneTimeCodes
import Secrets
import Store
import StoreHarness
import Testing

@Suite("An engine")
struct EngineTests {
    @Test("keeps an account from batch to batch", arguments: Engine.allCases)
    func acrossBatches(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            try #expect(subject.ask(ada.verify(at: Clock.start)) == ["not_enrolled"])
            try #expect(subject.ask(ada.enroll()) == ["ok"])
            try #expect(subject.account(ada).factor == nil)
            try #expect(subject.ask(ada.confirm()) == ["ok"])
            try #expect(subject.account(ada).backupCodesLeft == Policy.backupCodes)
            try #expect(subject.ask(ada.verify(at: Clock.start)) == ["replayed"])
            try #expect(subject.ask(ada.verify(at: Clock.after(30))) == ["ok"])
            try #expect(subject.ask(ada.verify(at: Clock.after(30))) == ["replayed"])
            try #expect(subject.ask(ada.verify(at: Clock.after(60))) == ["ok"])
            try #expect(subject.ask(ada.verify(at: Clock.after(60), steps: -1)) == ["replayed"])
        }
    }

    @Test("lets a change see those before it in its batch", arguments: Engine.allCases)
    func withinBatch(_ engine: Engine) throws {
        let ada = try Person("ada")
        let bob = try Person("bob")
        try engine.run { subject in
            let answers = try subject.ask(
                ada.enroll(), bob.enroll(), ada.confirm(), ada.confirm(),
                bob.verify(at: Clock.start), ada.verify(at: Clock.start),
                ada.verify(at: Clock.after(30)), ada.verify(at: Clock.after(30)),
                bob.confirm(), ada.disable(at: Clock.after(60)), ada.verify(at: Clock.after(90)),
                bob.verify(at: Clock.after(30)))
            #expect(
                answers == [
                    "ok", "ok", "ok", "no_enrollment", "not_enrolled", "replayed", "ok", "replayed",
                    "ok", "ok", "not_enrolled", "ok",
                ])
            try #expect(subject.store.check().accounts == 2)
        }
    }

    @Test("refuses a used code after it was opened again", arguments: Engine.allCases)
    func acrossReopening(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            try subject.ask(ada.enroll(), ada.confirm(), ada.verify(at: Clock.after(30), steps: 1))
            let before = try subject.account(ada)
            try subject.reopen()
            try #expect(subject.account(ada) == before)
            try #expect(subject.ask(ada.verify(at: Clock.after(60))) == ["replayed"])
            try #expect(subject.ask(ada.verify(at: Clock.after(60), steps: -1)) == ["replayed"])
            try #expect(subject.ask(ada.verify(at: Clock.after(60), steps: 1)) == ["ok"])
        }
    }

    @Test("keeps what a refusal counts", arguments: Engine.allCases)
    func refusalsCount(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            try subject.ask(ada.enroll(), ada.confirm())
            try #expect(
                subject.ask((0..<6).map { ada.wrong(at: Clock.after(30), $0) })
                    == Array(repeating: "wrong_code", count: 5) + ["throttled"])
            try subject.reopen()
            try #expect(subject.account(ada).guard.totp.consecutiveFailures == 5)
            try #expect(subject.ask(ada.verify(at: Clock.after(30))) == ["throttled"])
            try #expect(subject.ask(ada.verify(at: Clock.after(59))) == ["throttled"])
            try #expect(subject.ask(ada.verify(at: Clock.after(60))) == ["ok"])
        }
    }

    @Test("writes nothing for a change that needs slow work", arguments: Engine.allCases)
    func needsWritesNothing(_ engine: Engine) throws {
        let ada = try Person("ada")
        try engine.run { subject in
            try subject.ask(ada.enroll())
            let before = try subject.account(ada)
            let events = try subject.store.check().events
            var confirm = ada.confirm()
            confirm.prepared = .nothing
            try #expect(subject.ask(confirm) == ["needs"])
            try #expect(subject.account(ada) == before)
            try #expect(subject.store.check().events == events)
            try #expect(subject.ask(ada.confirm()) == ["ok"])
        }
    }

    @Test("accepts a backup code once, by its slow hash", arguments: Engine.allCases)
    func backupCodes(_ engine: Engine) throws {
        let ada = try Person("ada")
        let code = BackupCode.random()
        try engine.run { subject in
            let canonical = Array(code.canonical.utf8)
            let salt = [UInt8](repeating: 7, count: PasswordHash.saltBytes)
            let hash = subject.store.hash(backupCode: canonical, salt: salt)
            var confirm = ada.confirm()
            confirm.prepared.newBackupCodes = BackupCodeSet(salt: salt, hashes: [hash])
            try subject.ask(ada.enroll(), confirm)

            var verify = ada.request("verify", Verify(code: .backup(code)), at: Clock.start)
            try #expect(subject.ask(verify) == ["needs"])
            try subject.reopen()
            let again = subject.store.hash(backupCode: canonical, salt: salt)
            #expect(again == hash)
            verify.prepared.submitted = Prepared.BackupCodeHash(salt: salt, hash: again)
            try #expect(subject.ask(verify, verify) == ["ok", "wrong_code"])
            try #expect(subject.account(ada).backupCodesLeft == 0)
        }
    }

    @Test("keeps accounts of other apps and other spellings apart", arguments: Engine.allCases)
    func namesApart(_ engine: Engine) throws {
        let people = [
            try Person("ada"), try Person("Ada"), try Person("ada", app: "desk"),
            try Person("\u{e9}"), try Person("e\u{301}"),
            // The same letters, cut elsewhere.
            try Person("pada", app: "sho"), try Person("x"),
        ]
        try engine.run { subject in
            #expect(Set(people.map { subject.store.id(of: $0.name) }).count == people.count)
            try subject.ask(people.dropLast().flatMap { [$0.enroll(), $0.confirm()] })
            let now = Clock.after(30)
            for person in people.dropLast() {
                try #expect(subject.ask(person.verify(at: now)) == ["ok"])
            }
            try #expect(subject.ask(people[6].verify(at: now)) == ["not_enrolled"])
            try #expect(subject.store.check().accounts == people.count - 1)
        }
    }

    @Test("forgets an enrolment without a trace, but never a used step", arguments: Engine.allCases)
    func leavesNothing(_ engine: Engine) throws {
        let ada = try Person("ada")
        let bob = try Person("bob")
        try engine.run { subject in
            try subject.ask(ada.enroll(), ada.request("cancel", Cancel(), at: Clock.start))
            try #expect(subject.store.check().accounts == 0)
            try subject.ask(bob.enroll(), bob.confirm(), bob.disable(at: Clock.after(30)))
            try #expect(subject.store.check().accounts == 1)
            try subject.reopen()
            try subject.ask(bob.bring(at: Clock.after(30)))
            try #expect(subject.ask(bob.verify(at: Clock.after(30))) == ["replayed"])
            try subject.ask(bob.reset(at: Clock.after(31)), bob.bring(at: Clock.after(31)))
            try #expect(subject.ask(bob.verify(at: Clock.after(31))) == ["replayed"])
            try #expect(subject.ask(bob.verify(at: Clock.after(60))) == ["ok"])
        }
    }

    @Test("takes an empty batch", arguments: Engine.allCases)
    func emptyBatch(_ engine: Engine) throws {
        try engine.run { subject in
            try #expect(subject.ask([Request]()) == [])
            try #expect(subject.store.check() == CheckReport())
        }
    }
}
