// A store without room, in its map or on its disk: it says so, keeps nothing of the batch that did
// not fit, goes on answering, and takes changes again once there is room.

import Accounts
import Foundation
import LMDBStore
import Scratch
import Store
import StoreHarness
import StoreWorkload
import Testing

@Suite("A full store")
struct FullStoreTests {
    /// Batches of new accounts until one does not fit: how many did, and the fault.
    private func fill(
        _ subject: Subject, after start: Int = 0, batch: Int
    ) throws -> (kept: Int, StoreFault) {
        var kept = start
        while true {
            let people = try (kept..<(kept + batch)).map { try Person("filler \($0)") }
            do {
                try subject.ask(people.map { $0.enroll() })
                kept += batch
            } catch let fault as StoreFault {
                return (kept, fault)
            }
            try #require(kept < 100_000, "the store never fills")
        }
    }

    private func expectUnchanged(_ subject: Subject, _ kept: Int, batch: Int) throws {
        let report = try subject.store.check()
        #expect(report.problems == [])
        #expect(report.accounts == kept + 1)
        #expect(report.events == kept + 3)
        try #expect(subject.counts() == ["shop \(kept + 1)"], "what was not kept does not count")
        let missed = try (kept..<(kept + batch)).map { try Person("filler \($0)").name }
        try #expect(subject.store.accounts(of: missed) == missed.map { Account($0) })
    }

    private func expectFull(
        _ fault: StoreFault, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let isFull: Bool
        switch fault {
        case .full: isFull = true
        case .unreadable, .away, .broken: isFull = false
        }
        #expect(isFull, "\(fault)", sourceLocation: sourceLocation)
    }

    @Test("has no room left in its map", arguments: [1, 7, 200])
    func map(_ batch: Int) throws {
        let ada = try Person("ada")
        let subject = try Subject(.lmdb, mapBytes: 1 << 20)
        try subject.ask(ada.enroll(), ada.confirm(), ada.verify(at: Clock.after(30)))
        let (kept, fault) = try fill(subject, batch: batch)
        expectFull(fault)
        try expectUnchanged(subject, kept, batch: batch)
        // Looking needs no room.
        try #expect(
            subject.ask(ada.status(), ada.request("show", Show(), at: Clock.start)) == ["ok", "ok"])
        try subject.reopen(mapBytes: 1 << 20)
        try expectUnchanged(subject, kept, batch: batch)

        try subject.reopen()
        try #expect(
            subject.ask(ada.verify(at: Clock.after(30)), ada.verify(at: Clock.after(60)))
                == ["replayed", "ok"])
        try #expect(subject.ask(Person("filler \(kept)").enroll()) == ["ok"])
        try subject.expectSound()
        subject.close()
    }

    @Test(
        "has no room left on its disk", .enabled(if: SmallDisk.isPossible), arguments: [1, 7, 500])
    func disk(_ batch: Int) throws {
        let disk = try SmallDisk(bytes: 4 << 20)
        let ada = try Person("ada")
        // Freed before the store is written again.
        let ballast = disk.path + "/ballast"
        try Data(count: 1 << 20).write(to: URL(filePath: ballast))
        let subject = try Subject(.lmdb, at: disk.path + "/state")
        // Not before: the disk goes with the last reference to it.
        defer { withExtendedLifetime(disk) { subject.close() } }
        try subject.ask(ada.enroll(), ada.confirm(), ada.verify(at: Clock.after(30)))
        let (kept, fault) = try fill(subject, batch: batch)
        expectFull(fault)
        try expectUnchanged(subject, kept, batch: batch)
        // A smaller batch may have fitted still; in the end none does.
        let (all, _) = try fill(subject, after: kept, batch: 1)
        try expectUnchanged(subject, all, batch: batch)
        try subject.reopen()
        try expectUnchanged(subject, all, batch: batch)

        try FileManager.default.removeItem(atPath: ballast)
        try #expect(
            subject.ask(ada.verify(at: Clock.after(30)), ada.verify(at: Clock.after(60)))
                == ["replayed", "ok"])
        try subject.expectSound()
    }

    @Test("has room again without being opened again", .enabled(if: SmallDisk.isPossible))
    func freed() throws {
        let disk = try SmallDisk(bytes: 4 << 20)
        let ballast = disk.path + "/ballast"
        try Data(count: 1 << 20).write(to: URL(filePath: ballast))
        let subject = try Subject(.lmdb, at: disk.path + "/state")
        // Not before: the disk goes with the last reference to it.
        defer { withExtendedLifetime(disk) { subject.close() } }
        let (kept, fault) = try fill(subject, batch: 20)
        expectFull(fault)
        try FileManager.default.removeItem(atPath: ballast)
        let next = try (kept..<(kept + 20)).map { try Person("filler \($0)").enroll() }
        try #expect(subject.ask(next) == Array(repeating: "ok", count: 20))
        try subject.expectSound()
        try subject.reopen()
        try subject.expectSound()
    }
}
