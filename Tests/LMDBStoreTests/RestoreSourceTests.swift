// What a restore and a check are told to read, and where a restore is told to write: what is read
// is left as it was, and what could not start is not put in place.

import Accounts
import Foundation
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("The directories of a copy")
struct RestoreSourceTests {
    private let subject: Subject
    private let copies: Copies

    /// A store with ada in it, and a copy of that.
    init() throws {
        subject = try Subject(.lmdb)
        copies = try Copies(ring: subject.ring)
        let ada = try Person("ada")
        try subject.ask(ada.enroll(), ada.confirm())
        try copies.make("copy", of: subject.engineStore)
    }

    private func restore(_ source: String, into state: String) throws {
        _ = try Restore(
            of: source, into: state, ring: subject.ring, at: Clock.after(100),
            by: Peer(uid: 0, pid: 77), voidsBackupCodes: false
        ).run(Job("restore"))
    }

    private func refusal(_ source: String, into state: String) -> String? {
        do {
            try restore(source, into: state)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func files(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test("a check leaves nothing in them, whether there is a store or not")
    func checked() throws {
        #expect(try copies.report("copy").problems == [])
        #expect(try files(copies.path("copy")) == ["data.mdb"])
        let empty = copies.path("empty")
        try FileManager.default.createDirectory(
            atPath: empty, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        #expect(throws: OpeningRefusal.self) { try copies.report("empty") }
        #expect(try files(empty) == [])
        // Under keys that are not its own.
        #expect(throws: OpeningRefusal.self) {
            try copies.report("copy", KeyRing(current: MasterKey.generate()))
        }
        #expect(try files(copies.path("copy")) == ["data.mdb"])
        subject.close()
    }

    @Test("a check beside a daemon that started meanwhile says so, and names no damage")
    func startedMeanwhile() throws {
        subject.close()
        let state = copies.path("state")
        try restore(copies.path("copy"), into: state)
        let reader = try LMDBStoreReader(path: state, ring: subject.ring)
        let store = try copies.opened(state, subject.ring)
        #expect {
            try reader.check()
        } throws: { "\($0)".contains("started meanwhile") }
        reader.close()
        #expect(try copies.report("state").problems == [])
        store.close()
    }

    @Test("a restore refuses the state directory itself, by whatever name, and a store in use")
    func refused() throws {
        let copy = copies.path("copy")
        let link = copies.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: copy)
        for source in [copy, link, copy + "/."] {
            #expect(refusal(source, into: copy)?.contains("the state directory itself") == true)
        }
        #expect(try files(copy) == ["data.mdb"])
        let state = copies.path("state")
        #expect(refusal(subject.path, into: state)?.contains("is serving from the backup") == true)
        #expect(!FileManager.default.fileExists(atPath: state))
        // Of a daemon that has ended it is whole.
        subject.close()
        #expect(refusal(subject.path, into: state) == nil)
        #expect(try files(state) == ["data.mdb", "totpd.lock"])
    }

    @Test(
        "a restore puts no store in place that has no room to start",
        .enabled(if: SmallDisk.isPossible))
    func noRoom() throws {
        subject.close()
        let disk = try SmallDisk(bytes: 16 << 20)
        let state = disk.path + "/state"
        let why = refusal(copies.path("copy"), into: state) ?? "restored"
        #expect(why.contains("needs 17 MiB to start"), "\(why)")
        #expect(!FileManager.default.fileExists(atPath: state))

        let roomy = try SmallDisk(bytes: 20 << 20)
        let other = roomy.path + "/state"
        #expect(refusal(copies.path("copy"), into: other) == nil)
        try LMDBStore(path: other, ring: subject.ring, at: Clock.after(200)).close()
    }
}
