// A restore that comes to nothing: nothing was changed, as it says.

import Accounts
import Foundation
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A restore that comes to nothing")
struct RefusedRestoreTests {
    private let subject: Subject
    private let copies: Copies

    /// A store with a copy.
    init() throws {
        subject = try Subject(.lmdb)
        copies = try Copies(ring: subject.ring)
        let ada = try Person("ada")
        try subject.ask(ada.enroll(), ada.confirm())
        try copies.make("copy", of: subject.engineStore)
    }

    private func restoring(into place: String, with ring: KeyRing? = nil) -> Restore {
        Restore(
            of: copies.path("copy"), into: place, ring: ring ?? subject.ring, at: Clock.after(100),
            by: Peer(uid: 0, pid: 77), voidsBackupCodes: false)
    }

    @Test("leaves nothing where nothing was")
    func leavesNothing() throws {
        let place = copies.path("a new place")
        let manager = FileManager.default
        let refused = restoring(into: place, with: KeyRing(current: .generate()))
        #expect(throws: RestoreRefusal.self) { try refused.run(Job("restore")) }
        #expect(!manager.fileExists(atPath: place))
        // And takes nothing away where something was.
        try manager.createDirectory(
            atPath: place, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        #expect(throws: RestoreRefusal.self) { try refused.run(Job("restore")) }
        try #expect(manager.contentsOfDirectory(atPath: place) == ["totpd.lock"])
    }

    @Test("leaves the store as it was, also when it fails in the exchange")
    func failsInTheExchange() throws {
        let bob = try Person("bob")
        try subject.ask(bob.bring(at: Clock.start))
        subject.close()
        // A directory in the place of the database can be kept aside by no second name.
        let data = subject.path + "/data.mdb"
        let manager = FileManager.default
        let names = try manager.contentsOfDirectory(atPath: subject.path).sorted()
        try manager.moveItem(atPath: data, toPath: data + ".away")
        try manager.createDirectory(atPath: data, withIntermediateDirectories: false)
        let failing = restoring(into: subject.path)
        #expect(throws: RestoreRefusal.self) { try failing.run(Job("restore")) }
        try manager.removeItem(atPath: data)
        try manager.moveItem(atPath: data + ".away", toPath: data)
        try #expect(manager.contentsOfDirectory(atPath: subject.path).sorted() == names)
        try subject.open()
        try #expect(subject.ask(bob.verify(at: Clock.after(300))) == ["ok"])
        subject.close()
    }
}
