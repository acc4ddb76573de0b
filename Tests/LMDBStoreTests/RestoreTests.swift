// Last night's copy in the place of the store: what it has forgotten does not come back as a code
// that works, and nothing is replaced by what is not whole.

import Accounts
import Foundation
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A restore")
struct RestoreTests {
    private let subject: Subject
    private let copies: Copies
    private let ada: Person

    /// A store with ada in it, and a copy of that.
    init() throws {
        subject = try Subject(.lmdb)
        copies = try Copies(ring: subject.ring)
        ada = try Person("ada")
        try subject.ask(ada.enroll(), ada.confirm())
        try copies.make("copy", of: subject.engineStore)
    }

    private func restore(
        _ name: String = "copy", at now: Instant, ring: KeyRing? = nil, voids: Bool = false
    ) throws -> Restore.Report {
        try Restore(
            of: copies.path(name), into: subject.path, ring: ring ?? subject.ring, at: now,
            by: Peer(uid: 0, pid: 77), voidsBackupCodes: voids
        ).run(Job("restore"))
    }

    @Test("refuses every code that was used since, and every one that may have been")
    func usedSince() throws {
        let now = Clock.after(86_400)
        try #expect(
            subject.ask(ada.verify(at: now), ada.verify(at: now, steps: 1)) == ["ok", "ok"])
        subject.close()
        let report = try restore(at: now + .seconds(10))
        #expect(
            report
                == Restore.Report(
                    accounts: 1, events: 3, voided: 0, aside: report.aside))

        try subject.open()
        let later = now + .seconds(15)
        try #expect(
            subject.ask((-1...1).map { ada.verify(at: later, steps: $0) })
                == ["replayed", "replayed", "replayed"])
        try subject.reopen()
        let next = now + .seconds(30)
        try #expect(
            subject.ask((-1...1).map { ada.verify(at: next, steps: $0) })
                == ["replayed", "replayed", "ok"])
        try subject.expectSound()
        let last = try #require(try subject.events().dropLast(6).last)
        #expect(last.label == EventLabel(op: "restore", peer: Peer(uid: 0, pid: 77)))
        try subject.expectSound()
        subject.close()
    }

    @Test("keeps what was there aside, whole")
    func aside() throws {
        let bob = try Person("bob")
        try subject.ask(bob.bring(at: Clock.start))
        subject.close()
        let aside = try #require(try restore(at: Clock.after(100)).aside)
        #expect(aside == subject.path + "/before-restore-1800000100")
        try subject.open()
        try #expect(subject.ask(bob.verify(at: Clock.after(300))) == ["not_enrolled"])
        subject.close()
        let old = try LMDBStoreReader(path: aside, ring: subject.ring)
        #expect(try old.check().accounts == 2)
        old.close()
        // And again, over a store that does not open.
        try Data("rubbish".utf8).write(to: URL(filePath: subject.path + "/data.mdb"))
        #expect(throws: OpeningRefusal.self) { try subject.open() }
        _ = try restore(at: Clock.after(200))
        try subject.open()
        try subject.expectSound()
        subject.close()
    }

    @Test(
        "takes copies that older versions made, which have no mark",
        arguments: [StoreFixture.store] + StoreFixture.crashedStores)
    func oldCopies(_ store: URL) throws {
        subject.close()
        let (old, ring) = try StoreFixture.copied(store, into: copies.directory, as: "old")
        let report = try Restore(
            of: old, into: subject.path, ring: ring, at: Clock.after(60),
            by: Peer(uid: 0, pid: 77), voidsBackupCodes: false
        ).run(Job("restore"))
        #expect(report.accounts == (try RecordShape.ofVersion1().count))
        let restored = try copies.opened(subject.path, ring)
        let active = try RecordShape.active()
        let person = Person(of: active.name, with: try #require(active.factor).secret)
        let asked = [60, 120].map { person.verify(at: Clock.after($0)).change(in: restored) }
        #expect(try restored.apply(asked).map(\.brief) == ["replayed", "ok"])
        #expect(try restored.check().problems == [])
        restored.close()
    }

    @Test("fills a place where there was nothing")
    func newPlace() throws {
        subject.close()
        try FileManager.default.removeItem(atPath: subject.path)
        #expect(try restore(at: Clock.after(100)).aside == nil)
        try #expect(
            FileManager.default.contentsOfDirectory(atPath: subject.path).sorted()
                == ["data.mdb", "totpd.lock"])
        #expect(try mode(of: subject.path + "/data.mdb") == 0o600)
        try subject.open()
        try #expect(subject.ask(ada.verify(at: Clock.after(200))) == ["ok"])
        try subject.expectSound()
        subject.close()
    }

    @Test("of one while an enrolment waited does not take its code again", arguments: [0, 1])
    func pending(steps: Int64) throws {
        let bob = try Person("bob")
        try subject.ask(bob.enroll())
        try copies.make("pending", of: subject.engineStore)
        try #expect(subject.ask(bob.confirm(steps: steps)) == ["ok"])
        subject.close()
        _ = try restore("pending", at: Clock.after(20))
        try subject.open()
        try #expect(
            subject.ask(
                bob.confirm(at: Clock.after(20), steps: steps), bob.confirm(at: Clock.after(60)))
                == ["replayed", "ok"])
        try subject.expectSound()
        subject.close()
    }

    @Test(
        "brings used backup codes back, unless it is told to void them", arguments: [false, true])
    func backupCodes(voids: Bool) throws {
        try #expect(subject.ask(ada.backup(3, at: Clock.start)) == ["ok"])
        subject.close()
        #expect(try restore(at: Clock.after(60), voids: voids).voided == (voids ? 1 : 0))
        try subject.open()
        try #expect(
            subject.ask(ada.backup(3, at: Clock.after(60))) == [voids ? "wrong_code" : "ok"])
        #expect(try subject.account(ada).backupCodesLeft == (voids ? 0 : 9))
        try #expect(subject.ask(ada.verify(at: Clock.after(120))) == ["ok"])
        try subject.expectSound()
        subject.close()
    }

    @Test("hands accounts on with the steps that it has forgotten, and with those used since")
    func handedOn() throws {
        let now = Clock.after(86_400)
        subject.close()
        _ = try restore(at: now)
        try subject.open()
        try #expect(newestUsedStepsBegan() == [now + .seconds(30)])
        let later = now + .seconds(90)
        try #expect(subject.ask(ada.verify(at: later)) == ["ok"])
        try #expect(newestUsedStepsBegan() == [later])
        subject.close()
    }

    /// Of all accounts, as an export has them.
    private func newestUsedStepsBegan() throws -> [Instant] {
        var moments: [Instant] = []
        try subject.engineStore.forEachAccount(of: ada.name.app, Job("export")) { account in
            guard let account, let factor = account.factor else { return }
            moments.append(account.newestUsedStepBegan(factor))
        }
        return moments
    }

    @Test("wraps under the first master key there is now, and remembers older restores")
    func twice() throws {
        subject.close()
        let new = MasterKey.generate()
        let both = KeyRing(current: new, older: [subject.ring.current])
        _ = try restore(at: Clock.after(900), ring: both)
        let again = try patiently { () throws(OpeningRefusal) in
            try LMDBStore(
                path: subject.path, ring: KeyRing(current: new), at: Clock.start,
                mapBytes: Subject.mapBytes, logSize: Subject.logSize)
        }
        // The clock was set back since.
        _ = try again.apply([ada.wrong(at: Clock.after(20)).change(in: again)])
        try copies.make("later", of: again)
        again.close()
        _ = try restore("later", at: Clock.after(30), ring: both)
        let store = try copies.opened(subject.path, both)
        try #expect(
            store.apply([ada.verify(at: Clock.after(900)).change(in: store)]).map(\.brief)
                == ["replayed"])
        store.close()
    }

    // MARK: What is not restored

    private func refusal(_ name: String = "copy", ring: KeyRing? = nil) -> String {
        do {
            _ = try restore(name, at: Clock.start, ring: ring)
            return "restored"
        } catch {
            return "\(error)"
        }
    }

    /// The files of the state directory, and what is in them.
    private func state() throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: subject.path)
        return try names.reduce(into: [:]) { files, name in
            files[name] = try Data(contentsOf: URL(filePath: "\(subject.path)/\(name)"))
        }
    }

    @Test(
        "is refused by a clock that is behind the newest event, and by no other",
        arguments: [
            (-1000, "2027-01-15T07:59:59Z"), (-1, "2027-01-15T07:59:59Z"), (0, nil), (1, nil),
        ])
    func clock(milliseconds: Int64, says: String?) {
        let now = Clock.start + Duration(milliseconds: milliseconds)
        let refusal = RestoreRefusal(at: now, newestEvent: Clock.start)
        #expect(
            refusal?.description
                == says.map {
                    "the clock says \($0), and the backup's newest event is of "
                        + "2027-01-15T08:00:00Z: codes that were used by then would count again; "
                        + "set the clock"
                })
        #expect(RestoreRefusal(at: now, newestEvent: nil) == nil)
    }

    @Test("by a clock that is behind changes nothing")
    func clockBehind() throws {
        try #expect(subject.ask(ada.verify(at: Clock.after(300))) == ["ok"])
        try copies.make("later", of: subject.engineStore)
        subject.close()
        let before = try state()
        #expect(refusal("later").contains("the clock says 2027-01-15T08:00:00Z"))
        #expect(try state() == before)
        _ = try restore("later", at: Clock.after(300))
    }

    @Test("does not come under a daemon that serves")
    func serving() throws {
        #expect(refusal().hasSuffix("another totpd is serving from it"))
        subject.close()
    }

    @Test("changes nothing when the copy has any record that does not open, or not all of them")
    func damaged() throws {
        subject.close()
        let before = try state()
        let inside = try Inside(path: copies.path("copy"), ring: subject.ring)
        let key = inside.key(of: ada)
        try inside.flip(bit: 300, .factors, key)
        inside.close()
        #expect(refusal().hasPrefix("the backup has 1 problems; the first: factor "))
        let mended = try Inside(path: copies.path("copy"), ring: subject.ring)
        try mended.flip(bit: 300, .factors, key)
        try mended.delete(.events, Inside.key(ofEvent: 1))
        mended.close()
        #expect(refusal().contains("the chain ends at event 0, and should at 2"))
        let other = KeyRing(current: .generate())
        #expect(refusal(ring: other).contains("which is not in the key file"))
        #expect(refusal("nothing").contains("cannot be opened"))
        #expect(try state() == before)
        let file = copies.path("copy") + "/data.mdb"
        let whole = try Data(contentsOf: URL(filePath: file))
        try whole[..<(whole.count / 2)].write(to: URL(filePath: file))
        #expect(refusal() == "the backup is cut short")
        #expect(try state() == before)
    }
}

extension Copies {
    func opened(_ path: String, _ ring: KeyRing) throws -> LMDBStore {
        try patiently { () throws(OpeningRefusal) in
            try LMDBStore(
                path: path, ring: ring, at: Clock.start, mapBytes: Subject.mapBytes,
                logSize: Subject.logSize)
        }
    }
}
