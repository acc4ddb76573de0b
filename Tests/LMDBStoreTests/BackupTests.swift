// A copy of a store that serves: all that was answered before it, nothing by half, under the keys
// of its time. Each copy ends in a check, and so does the store.

import Accounts
import Foundation
import Patience
import Scratch
import Secrets
import Store
import StoreHarness
import StoreWorkload
import Synchronization
import Testing

@testable import LMDBStore

/// Copies of one store, and what is in them.
final class Copies {
    let directory: TemporaryDirectory
    let ring: KeyRing

    init(ring: KeyRing) throws {
        directory = try TemporaryDirectory()
        self.ring = ring
    }

    func path(_ name: String) -> String { directory.path(of: name) }

    @discardableResult
    func make(_ name: String, of store: LMDBStore) throws -> BackupReport {
        try store.backup(to: NewPath(path(name)), Job("backup"))
    }

    func report(_ name: String, _ ring: KeyRing? = nil) throws -> CheckReport {
        let reader = try LMDBStoreReader(path: path(name), ring: ring ?? self.ring)
        defer { reader.close() }
        return try reader.check()
    }

    /// Serves from a copy without its mark, as nobody should.
    func serving(_ name: String, _ ring: KeyRing? = nil) throws -> LMDBStore {
        let inside = try Inside(path: path(name), ring: ring ?? self.ring)
        try inside.delete(.meta, Array("copy".utf8))
        inside.close()
        return try patiently { () throws(OpeningRefusal) in
            try LMDBStore(
                path: path(name), ring: ring ?? self.ring, at: Clock.start,
                mapBytes: Subject.mapBytes, logSize: Subject.logSize)
        }
    }
}

@Suite("A backup")
struct BackupTests {
    private let subject: Subject
    private let copies: Copies

    init() throws {
        subject = try Subject(.lmdb)
        copies = try Copies(ring: subject.ring)
    }

    private func accounts(_ people: [Person], in store: LMDBStore) throws -> [Account] {
        try store.accounts(of: people.map(\.name)).map { try #require($0, "it does not open") }
    }

    @Test("has what is in the tables and what is in the log alone, and names of neither")
    func whole() throws {
        let people = try (0..<200).map { try Person("person \($0)") }
        try subject.ask(people[..<120].map { $0.bring(at: Clock.start) })
        try subject.reopen()
        try subject.ask(people[100..<150].map { $0.bring(at: Clock.start) })
        try subject.ask(people[..<30].map { $0.verify(at: Clock.start) })
        try subject.ask(people[..<10].map { $0.reset(at: Clock.after(30)) })
        let store = try subject.engineStore
        let report = try copies.make("copy", of: store)
        let check = try copies.report("copy")
        #expect(check.problems == [])
        try #expect(check == store.check())
        #expect(report.accounts == check.accounts && report.events == check.events)
        let files = try FileManager.default.contentsOfDirectory(atPath: copies.directory.path)
        #expect(files == ["copy"])
        #expect(try mode(of: copies.path("copy")) == 0o700)
        let data = try Data(contentsOf: URL(filePath: copies.path("copy") + "/data.mdb"))
        #expect(data.count == report.bytes)
        #expect(data.range(of: Data("person 1".utf8)) == nil)

        let copy = try copies.serving("copy")
        try #expect(accounts(people, in: copy) == accounts(people, in: store))
        #expect(copy.close() == nil)
        #expect(try copies.report("copy").problems == [])
        try subject.expectSound()
        subject.close()
    }

    @Test("is not served from, by whoever holds whichever keys, nor if its mark is damaged")
    func marked() throws {
        let ada = try Person("ada")
        try subject.ask(ada.bring(at: Clock.start))
        let store = try subject.engineStore
        try copies.make("copy", of: store)
        let sentence =
            "this is a copy, which does not know what was used since; hint: have totpctl restore "
            + "put it in the place of the store"
        for _ in 0..<2 { #expect(refusal("copy") == sentence) }
        #expect(try copies.report("copy").problems == [])
        let inside = try Inside(path: copies.path("copy"), ring: copies.ring)
        try inside.flip(bit: 300, .meta, Array("copy".utf8))
        inside.close()
        #expect(refusal("copy").contains("store's canary does not open"))
        // The store that it was made of is none.
        try subject.reopen()
        try subject.expectSound()
        subject.close()
    }

    private func refusal(_ name: String) -> String {
        OpeningRefusal.sentence(of: copies.path(name), copies.ring)
    }

    @Test("is of one moment, whatever is written meanwhile")
    func oneMoment() throws {
        let people = try (0..<20).map { try Person("person \($0)") }
        try subject.ask(people.map { $0.bring(at: Clock.start) })
        let store = try subject.engineStore
        // All log in at once, again and again: no copy may have some of them before, some after.
        let isOver = Atomic(false)
        let problems = Mutex<[String]>([])
        let writer = makeThread {
            for round in 1..<1_000_000 where !isOver.load(ordering: .relaxed) {
                let now = Clock.after(Int64(round) * 30)
                do {
                    _ = try store.apply(people.map { $0.verify(at: now).change(in: store) })
                } catch {
                    problems.withLock { $0.append("\(error)") }
                }
            }
        }
        var moments: Set<Instant> = []
        for number in 0..<1000 where moments.count < 10 {
            try copies.make("copy \(number)", of: store)
            let copy = try copies.serving("copy \(number)")
            let steps = try Set(accounts(people, in: copy).map(\.guard.lastStepBegan))
            #expect(steps.count == 1)
            moments.formUnion(steps)
            #expect(try copy.check().problems == [])
            copy.close()
        }
        isOver.store(true, ordering: .relaxed)
        pthread_join(writer, nil)
        #expect(problems.withLock { $0 } == [])
        #expect(moments.count == 10, "nothing was written meanwhile")
        try subject.expectSound()
        subject.close()
    }

    @Test("opens under the keys of its time, whatever was changed since")
    func oldKeys() throws {
        let ada = try Person("ada")
        try subject.ask(ada.bring(at: Clock.start))
        let store = try subject.engineStore
        try copies.make("old", of: store)
        let new = MasterKey.generate()
        try store.adopt(KeyRing(current: new, older: [subject.ring.current]))
        _ = try store.rotateMasterKey()
        _ = try store.rotateRecordKey()
        // In the midst of it, and before the log has turned: the copy goes on with it.
        try copies.make("between", of: store)
        _ = try store.apply([])
        try copies.make("new", of: store)

        let (old, both) = (subject.ring, KeyRing(current: new, older: [subject.ring.current]))
        for (name, ring) in [("old", old), ("old", both), ("between", both), ("new", both)] {
            let report = try copies.report(name, ring)
            #expect(report.problems == [] && report.accounts == 1, "\(name)")
        }
        #expect(throws: OpeningRefusal.self) { try copies.report("new", old) }
        #expect(throws: OpeningRefusal.self) { try copies.report("old", KeyRing(current: new)) }
        let between = try copies.serving("between", both)
        try eventually("the end of a change of keys") { between.keyIDs.records.count == 1 }
        between.close()
        #expect(try copies.report("between", both).problems == [])
        subject.close()
    }

    @Test(
        "goes to a whole path where there is nothing, and to no other",
        arguments: [
            ("copy", "a whole path is expected, from / on and without .."),
            ("/tmp/../tmp/copy", "a whole path is expected, from / on and without .."),
            ("/tmp//copy", "a whole path is expected, from / on and without .."),
            ("/", "a whole path is expected, from / on and without .."),
            ("/tmp", "there is something already"),
            ("/nowhere at all/copy", "the directory that it would be in is not there for totpd"),
        ])
    func refused(path: String, sentence: String) throws {
        let store = try subject.engineStore
        do {
            _ = try store.backup(to: NewPath(path), Job("backup"))
            Issue.record("it was made")
        } catch let fault as NewPathFault {
            #expect(fault.description == sentence)
        } catch let fault as CopyFault {
            #expect(fault.description == sentence)
        }
        subject.close()
    }

    @Test("takes the place of what was left of one that was cut short; one that is stopped is gone")
    func leftovers() throws {
        let store = try subject.engineStore
        try subject.ask(Person("ada").bring(at: Clock.start))
        let draft = copies.directory.path + "/.copy.partial"
        try FileManager.default.createDirectory(
            atPath: draft, withIntermediateDirectories: false)
        try Data("half".utf8).write(to: URL(filePath: draft + "/data.mdb"))
        let job = Job("backup")
        job.cancel()
        #expect(throws: CopyFault.stopped) {
            try store.backup(to: NewPath(copies.path("copy")), job)
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: copies.directory.path)
        #expect(files == [])
        try copies.make("copy", of: store)
        #expect(try copies.report("copy").problems == [])
        subject.close()
    }
}
