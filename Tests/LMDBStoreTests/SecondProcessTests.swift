// What holds across processes: a reader beside a writer, a writer that is killed, and one that is
// in the way. LMDB lets one process open a file once, so each second opener is a process of its
// own.

import Accounts
import Foundation
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A second process")
struct SecondProcessTests {
    /// What a child needs to open the same store. The key is a test's own.
    struct Site: Codable {
        let path: String
        let line: String

        init(_ subject: Subject) {
            path = subject.path
            line = subject.ring.current.line
        }

        func ring() throws -> KeyRing {
            try Array(line.utf8).withBytes { bytes throws(KeyFileFault) in
                try KeyRing(text: bytes)
            }
        }

        func open() throws -> LMDBStore {
            let ring = try ring()
            return try patiently { () throws(OpeningRefusal) in
                try LMDBStore(
                    path: path, ring: ring, at: Clock.start, mapBytes: Subject.mapBytes,
                    logSize: Subject.logSize)
            }
        }
    }

    @Test("looks at a store without disturbing its writer")
    func reader() async throws {
        let ada = try Person("ada")
        let subject = try Subject(.lmdb)
        try subject.ask(ada.enroll(), ada.confirm())
        let site = Site(subject)
        await #expect(processExitsWith: .success) { [site = site as Site] in
            let reader = try LMDBStoreReader(path: site.path, ring: site.ring())
            let report = try reader.check()
            #expect(report.problems == [])
            #expect(report.accounts == 1 && report.events == 2)
            reader.close()
        }
        try #expect(subject.ask(ada.verify(at: Clock.after(30))) == ["ok"])
        try subject.reopen()
        try #expect(subject.ask(ada.verify(at: Clock.after(30))) == ["replayed"])
        try subject.expectSound()
        subject.close()
    }

    @Test("cannot serve from a store that is served")
    func writer() async throws {
        let subject = try Subject(.lmdb)
        let site = Site(subject)
        await #expect(processExitsWith: .success) { [site = site as Site] in
            let ring = try site.ring()
            let refusal = #expect(throws: OpeningRefusal.self) {
                try LMDBStore(
                    path: site.path, ring: ring, at: Clock.start, mapBytes: Subject.mapBytes)
            }
            #expect(
                refusal?.description
                    == "state directory '\(site.path)': another totpd is serving from it")
        }
        subject.close()
        await #expect(processExitsWith: .success) { [site = site as Site] in
            try site.open().close()
        }
    }

    @Test("that is killed while it looks does not keep the store growing")
    func killedReader() async throws {
        let ada = try Person("ada")
        let subject = try Subject(.lmdb)
        try subject.ask(ada.enroll(), ada.confirm())
        let site = Site(subject)
        await #expect(processExitsWith: .signal(SIGKILL)) { [site = site as Site] in
            let environment = try LMDBEnvironment(
                path: site.path, mapBytes: Subject.mapBytes, isReadOnly: true)
            try environment.read { _ in _ = kill(getpid(), SIGKILL) }
        }
        for number in 1...400 {
            try subject.ask(ada.verify(at: Clock.after(30 * Int64(number))))
        }
        try subject.expectSound()
        subject.close()
        var info = stat()
        try #require(stat(subject.path + "/data.mdb", &info) == 0)
        // 400 events are about 100 KiB; a dead reader's snapshot keeps every replaced page.
        #expect(info.st_size < 1 << 20)
    }

    @Test("that is killed amid many looks takes no place from those who look later")
    func killedReaders() async throws {
        let subject = try Subject(.lmdb)
        let site = Site(subject)
        for _ in 1...2 {
            await #expect(processExitsWith: .signal(SIGKILL)) { [site = site as Site] in
                let environment = try LMDBEnvironment(
                    path: site.path, mapBytes: LMDBEnvironment.readerRoom, isReadOnly: true)
                // All places but the one that the writer has.
                let looks = try (1..<LMDBEnvironment.readersMax).map { _ in
                    try environment.snapshot()
                }
                #expect(throws: LMDBFault.self) { try environment.snapshot() }
                withExtendedLifetime(looks) { _ = kill(getpid(), SIGKILL) }
            }
            try #expect(subject.store.figures().isReadersFull)
            await #expect(processExitsWith: .success) { [site = site as Site] in
                let reader = try LMDBStoreReader(path: site.path, ring: site.ring())
                try #expect(reader.check().problems == [])
                reader.close()
            }
            try #expect(!subject.store.figures().isReadersFull)
        }
        try subject.expectSound()
        subject.close()
    }

    @Test("that finds no place is told so, and is no end of the store")
    func noPlace() throws {
        let subject = try Subject(.lmdb)
        let environment = try subject.engineStore.environment
        let looks = try (1..<LMDBEnvironment.readersMax).map { _ in try environment.snapshot() }
        let fault = #expect(throws: StoreFault.self) { try subject.store.check() }
        #expect(fault?.mayPass == true)
        #expect(fault?.description.contains("as many read it at once as there are places") == true)
        try #expect(subject.store.figures().isReadersFull)
        for look in looks { look.end() }
        try #expect(!subject.store.figures().isReadersFull)
        try subject.expectSound()
        subject.close()
    }

    /// Bytes of address space beside what a process has already.
    private static func limitAddressSpace(toMore bytes: Int) throws {
        let status = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(status.split(separator: " ").first.flatMap { Int($0) })
        var limit = rlimit()
        limit.rlim_cur = rlim_t(pages * 4096 + bytes)
        limit.rlim_max = limit.rlim_cur
        try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
    }

    @Test("has room for a copy and for a look beside the one map of the store")
    func addressSpace() async throws {
        let ada = try Person("ada")
        let subject = try Subject(.lmdb)
        try subject.ask(ada.enroll(), ada.confirm())
        let site = Site(subject)
        subject.close()
        await #expect(processExitsWith: .success) { [site = site as Site] in
            try Self.limitAddressSpace(toMore: LMDBStore.mapBytes + 1 << 30)
            let ring = try site.ring()
            let store = try patiently { () throws(OpeningRefusal) in
                try LMDBStore(path: site.path, ring: ring, at: Clock.start)
            }
            let copy = site.path + ".copy"
            _ = try store.backup(to: NewPath(copy), Job("backup"))
            store.close()
        }
        await #expect(processExitsWith: .success) { [site = site as Site] in
            try Self.limitAddressSpace(toMore: 1 << 30)
            let ring = try site.ring()
            let report = try Restore(
                of: site.path + ".copy", into: site.path + ".new", ring: ring,
                at: Clock.after(60), by: Peer(uid: 0, pid: 1), voidsBackupCodes: true
            ).run(Job("restore"))
            #expect(report.accounts == 1)
            let refusal = #expect(throws: OpeningRefusal.self) {
                try LMDBStore(path: site.path, ring: ring, at: Clock.start)
            }
            #expect(refusal?.description.contains("ulimit -v unlimited") == true)
        }
    }

    @Test("that is killed forgets no accepted code and no charged attempt")
    func killed() async throws {
        let ada = try Person("ada")
        let bob = try Person("bob")
        let subject = try Subject(.lmdb)
        try subject.ask(ada.enroll(), ada.confirm(), bob.enroll(), bob.confirm())
        subject.close()
        let site = Site(subject)
        for round in 1...5 {
            let now = Clock.after(Int64(round) * 7200)
            let seconds = now.seconds
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [site = site as Site, seconds = seconds as Int64] in
                let now = Instant(seconds: seconds)
                let people = (ada: try Person("ada"), bob: try Person("bob"))
                let store = try site.open()
                let requests = [people.ada.verify(at: now), people.bob.wrong(at: now)]
                let results = try store.apply(requests.map { $0.change(in: store) })
                try #require(results.map(\.brief) == ["ok", "wrong_code"])
                kill(getpid(), SIGKILL)
            }
            try subject.open()
            try #expect(subject.ask(ada.verify(at: now)) == ["replayed"])
            try #expect(subject.account(bob).guard.totp.consecutiveFailures == UInt32(round))
            try subject.expectSound()
            subject.close()
        }
    }
}
