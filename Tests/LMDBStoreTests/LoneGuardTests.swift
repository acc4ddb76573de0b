// A guard without a factor, as older versions kept one for somebody whom wrong codes were sent for.

import Accounts
import Scratch
import Secrets
import StoreHarness
import Testing

@testable import LMDBStore
@testable import Store

@Suite("A guard alone")
struct LoneGuardTests {
    @Test("that an older version left is counted once it changes")
    func older() throws {
        let subject = try Subject(in: TemporaryDirectory(), ring: KeyRing(current: .generate()))
        let ada = try Person("ada")
        try subject.ask(ada.enroll())
        try subject.ask(ada.request("cancel", Cancel(), at: Clock.start))
        // As older versions wrote one that wrong codes were sent for: a guard alone.
        var account = Account(ada.name)
        account.guard.totp.charge(at: Clock.start, under: .standard)
        try subject.inside { inside in
            let plain = AccountRecord.encode(account.guard, hasFactorRecord: false).bytes
            let key = inside.key(of: ada)
            let sealed = plain.withUnsafeBytes { plain in
                key.withUnsafeBytes {
                    inside.seal.seal(plain, version: 9, in: .guards, at: $0)
                }
            }
            try inside.put(.guards, key, sealed)
        }
        try subject.open()
        #expect(try subject.account(ada) == account)
        try #expect(subject.counts() == [])
        try subject.ask(ada.status())
        try #expect(subject.counts() == [])
        var request = ada.enroll()
        request.policy = AppPolicy(accountsMax: 1)
        try #expect(subject.ask(request) == ["ok"])
        try #expect(subject.counts() == ["shop 1"])
        try subject.reopen()
        try #expect(subject.account(ada).guard == account.guard)
        try subject.expectSound()
        subject.close()
    }
}
