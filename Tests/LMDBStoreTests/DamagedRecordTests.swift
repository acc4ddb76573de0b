// A record that was damaged, cut, moved or lost stops its own account and no other, is found by the
// check, and is mended by a reset that makes no used code good again.

import Accounts
import Foundation
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("A damaged record")
struct DamagedRecordTests {
    /// Ada, whose records get damaged, and Bob and Eve, whose do not: all used step 1.
    private func damaged(_ damage: RecordDamage) throws -> (Subject, ada: Person, others: [Person])
    {
        let people = try ["ada", "bob", "eve"].map { try Person($0) }
        let subject = try Subject(.lmdb)
        try subject.ask(people.flatMap { [$0.enroll(), $0.confirm()] })
        try subject.ask(people.map { $0.verify(at: Clock.after(30)) })
        try subject.inside { inside in
            try damage.inflict(
                RecordDamage.Scene(
                    inside: inside, victim: inside.key(of: people[0]),
                    bystander: inside.key(of: people[1])))
        }
        return (subject, people[0], Array(people[1...]))
    }

    @Test("stops exactly its own account", arguments: RecordDamage.all)
    func stopsOne(_ damage: RecordDamage) throws {
        let (subject, ada, others) = try damaged(damage)
        try subject.open()
        let now = Clock.after(60)
        let everything = [
            ada.verify(at: now), ada.wrong(at: now), ada.status(), ada.enroll(), ada.bring(at: now),
            ada.request("unlock", Unlock(), at: now),
        ]
        let refused = Array(repeating: "unreadable: \(damage.fault)", count: everything.count)
        try #expect(subject.ask(everything) == refused)
        // In one batch with others, before and after them.
        try #expect(
            subject.ask(others[0].verify(at: now), ada.verify(at: now), others[1].verify(at: now))
                == ["ok", "unreadable: \(damage.fault)", "ok"])
        let events = try subject.events()
        #expect(events.suffix(3).map(\.result) == ["ok", "unavailable", "ok"])
        #expect(events.filter { $0.result == "unavailable" }.count == everything.count + 1)
        subject.close()
    }

    @Test("is found by the check", arguments: RecordDamage.all)
    func isFound(_ damage: RecordDamage) throws {
        let (subject, ada, others) = try damaged(damage)
        let keys = try subject.inside { inside in
            ([ada] + others).map { Hex.encode(inside.key(of: $0)) }
        }
        try subject.open()
        let problems = try subject.store.check().problems
        #expect(!problems.isEmpty)
        #expect(problems.contains { $0.contains(keys[0]) }, "\(problems)")
        #expect(!problems.contains { $0.contains(keys[1]) || $0.contains(keys[2]) })
        subject.close()
    }

    @Test("shows in the figures as soon as it is met, until a reset", arguments: RecordDamage.all)
    func isShown(_ damage: RecordDamage) throws {
        let (subject, ada, others) = try damaged(damage)
        try subject.open()
        let now = Clock.after(60)
        try subject.ask(others.map { $0.verify(at: now) })
        try #expect(subject.store.figures().damagedParts == [])
        try subject.ask(ada.verify(at: now))
        try #expect(subject.store.figures().damagedParts == [.accounts])
        try subject.ask(ada.reset(at: now))
        try #expect(subject.store.figures().damagedParts == [])
        subject.close()
    }

    @Test("shows when it is met by a listing, a check, or an export")
    func isShownOtherwise() throws {
        let looks: [(LMDBStore) throws -> Void] = [
            { _ = try $0.accounts(after: nil, atMost: 10) },
            { _ = try $0.check() },
        ]
        for look in looks {
            let (subject, _, _) = try damaged(
                RecordDamage("a guard", "doesNotOpen") {
                    try $0.inside.flip(bit: 99, .guards, $0.victim)
                })
            try subject.open()
            try #expect(subject.store.figures().damagedParts == [])
            try look(subject.engineStore)
            try #expect(subject.store.figures().damagedParts == [.accounts])
            subject.close()
        }
    }

    @Test("is mended by a reset, which makes no used code good", arguments: RecordDamage.all)
    func isMended(_ damage: RecordDamage) throws {
        let (subject, ada, others) = try damaged(damage)
        try subject.open()
        let now = Clock.after(30)
        var unasked = ada.reset(at: now)
        unasked.replacesUnreadable = false
        try #expect(
            subject.ask(unasked, ada.reset(at: now), ada.bring(at: now), ada.verify(at: now))
                == ["unreadable: \(damage.fault)", "ok", "ok", "replayed"])
        try #expect(subject.ask(ada.verify(at: now, steps: -1)) == ["replayed"])
        let later = Clock.after(120)
        try #expect(subject.ask(ada.verify(at: later)) == ["ok"])
        try #expect(subject.ask(others.map { $0.verify(at: later) }) == ["ok", "ok"])
        try subject.expectSound()
        try #expect(
            subject.events().suffix(8).map(\.result)
                == ["unavailable", "ok", "ok", "replayed", "replayed", "ok", "ok", "ok"])
        subject.close()
    }

    @Test("is mended by a reset, which makes no code good that was used ahead of time")
    func usedAhead() throws {
        let ada = try Person("ada")
        let subject = try Subject(.lmdb)
        let now = Clock.after(30)
        // A phone whose clock is a step ahead: the window lets it in.
        try #expect(
            subject.ask(ada.enroll(), ada.confirm(), ada.verify(at: now, steps: 1))
                == ["ok", "ok", "ok"])
        try subject.inside { try $0.flip(bit: 100, .guards, $0.key(of: ada)) }
        try subject.open()
        try #expect(subject.ask(ada.reset(at: now), ada.bring(at: now)) == ["ok", "ok"])
        try #expect(subject.ask(ada.verify(at: now, steps: 1)) == ["replayed"])
        subject.close()
    }

    @Test("is found where its bytes lie in the file")
    func inTheFile() throws {
        let (subject, ada, others) = try damaged(
            RecordDamage("none yet", "doesNotOpen") { _ in })
        let sealed = try subject.inside { try $0.value(.guards, $0.key(of: ada)) }
        let url = URL(filePath: subject.path + "/data.mdb")
        var file = try Data(contentsOf: url)
        var found = 0
        var rest = file.startIndex..<file.endIndex
        // Pages that are no longer in use may hold a copy of it.
        while let range = file.range(of: Data(sealed), in: rest) {
            file[range.lowerBound + sealed.count / 2] ^= 0x10
            rest = range.upperBound..<file.endIndex
            found += 1
        }
        #expect(found > 0)
        try file.write(to: url)

        try subject.open()
        let now = Clock.after(60)
        try #expect(subject.ask(ada.verify(at: now)) == ["unreadable: doesNotOpen"])
        try #expect(subject.ask(others.map { $0.verify(at: now) }) == ["ok", "ok"])
        subject.close()
    }

    @Test("does not hide another from the check")
    func twoOfThem() throws {
        let (subject, ada, others) = try damaged(
            RecordDamage("a guard and another's factor", "incomplete") {
                try $0.inside.delete(.guards, $0.victim)
                try $0.inside.delete(.factors, $0.bystander)
            })
        try subject.open()
        let now = Clock.after(60)
        try #expect(
            subject.ask(ada.verify(at: now), others[0].verify(at: now), others[1].verify(at: now))
                == ["unreadable: incomplete", "unreadable: incomplete", "ok"])
        try #expect(subject.store.check().problemCount == 2)
        subject.close()
    }
}
