// Several master keys: the first wraps from the next change on, all of them open, and one that is
// needed cannot be taken away from a store that serves.

import Accounts
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A change of master keys")
struct MasterKeyTests {
    @Test("wraps the data keys at once, and lets the old one go")
    func rotate() throws {
        let old = MasterKey.generate()
        let directory = try TemporaryDirectory()
        let subject = try Subject(in: directory, ring: KeyRing(current: old))
        let ada = try Person("ada")
        try subject.ask(ada.bring(at: Clock.start), ada.verify(at: Clock.start))
        let store = try subject.engineStore
        let new = MasterKey.generate()
        #expect(store.keyIDs.master == old.id)

        // A ring without the key that is needed is not taken, and the old ring goes on.
        let missing = "the store is sealed under master key \(old.id), which is not in the key file"
        let alone = KeyRing(current: new)
        #expect(refusal { () throws(KeyFault) in try store.adopt(alone) } == missing)
        let alike = MasterKey(id: old.id, key: new.key)
        #expect(
            refusal { () throws(KeyFault) in try store.adopt(KeyRing(current: alike)) }?
                .hasPrefix("master key \(old.id) does not open this store") == true)
        try #expect(store.rotateMasterKey() == old.id)

        try store.adopt(KeyRing(current: new, older: [old]))
        #expect(store.keyIDs.master == old.id)
        try #expect(store.rotateMasterKey() == new.id)
        #expect(store.keyIDs.master == new.id)
        try store.adopt(KeyRing(current: new))
        try subject.expectSound()
        // Record keys change under the new one.
        _ = try store.rotateRecordKey()
        _ = try store.apply([])
        subject.close()

        let again = try Subject(in: directory, ring: KeyRing(current: new))
        try #expect(again.ask(ada.verify(at: Clock.start)) == ["replayed"])
        try again.expectSound()
        again.close()
        #expect(throws: OpeningRefusal.self) {
            try Subject(in: directory, ring: KeyRing(current: old))
        }
    }

    private func refusal(_ body: () throws(KeyFault) -> Void) -> String? {
        do throws(KeyFault) {
            try body()
            return nil
        } catch {
            return error.description
        }
    }
}
