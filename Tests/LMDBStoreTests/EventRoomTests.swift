// Events never take more room than they may. The oldest go, and the file stops growing. What is
// left is one chain, up to the last event.

import Accounts
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import LMDBStore

@Suite("Events that are too many")
struct EventRoomTests {
    /// Four laps of the log.
    private static let bytesMax = 512 << 10
    private static let logSize = LogSize(
        bytesMin: 128 << 10, bytesMax: 128 << 10, accountsMax: 50)

    private func subject() throws -> Subject {
        try Subject(
            in: TemporaryDirectory(), ring: KeyRing(current: .generate()), logSize: Self.logSize)
    }

    /// A hundred events a batch, which are a block.
    private func flood(_ subject: Subject, batches: Int, from first: Int = 0) throws {
        let people = try (0..<100).map { try Person("made up \($0)") }
        for batch in first..<(first + batches) {
            let now = Clock.after(Int64(batch))
            try subject.ask(people.map { $0.wrong(at: now) })
        }
    }

    @Test("go from the front as fast as they come, and the file stops growing")
    func flood() throws {
        let subject = try subject()
        try subject.engineStore.keepEvents(for: .days(400), atMost: Self.bytesMax) { Clock.start }
        try subject.ask(Person("ada").bring(at: Clock.start))
        var sizes: [Int] = []
        for round in 0..<6 {
            try flood(subject, batches: 80, from: 80 * round)
            let figures = try subject.store.figures()
            #expect(figures.eventBytes <= Self.bytesMax && figures.eventBytesMax == Self.bytesMax)
            sizes.append(figures.databaseBytes)
        }
        // The first rounds fill it; from there on what is freed is used again.
        #expect(sizes[5] < sizes[1] + Self.bytesMax, "\(sizes)")
        // The latest events may still be in the log, where they push out none.
        let first = try subject.store.figures().firstEvent
        #expect(first > 38_000)
        // A cursor whose events have gone goes on with the oldest.
        #expect(try subject.store.events(.after(7), atMost: 10).events.first?.sequence == first)
        try subject.expectSound()
        subject.close()
        try subject.open()
        let sequences = try subject.events().map(\.sequence)
        #expect(sequences == Array(sequences[0]...48_001) && sequences[0] >= first)
        try subject.expectSound()
        subject.close()
    }

    @Test("stay when they take exactly what they may, and the oldest goes above")
    func edge() throws {
        let subject = try subject()
        try flood(subject, batches: 30)
        try subject.reopen()
        let store = try subject.engineStore
        let trim = EventTrim(environment: store.environment, tables: store.tables, keys: store.keys)
        let bytes = try store.figures().eventBytes
        for (bytesMax, first) in [(bytes + 1, 1), (bytes, 1), (bytes - 1, 101)] as [(Int, UInt64)] {
            try store.environment.write { transaction in
                try trim.makeRoom(above: bytesMax, atMost: .max, transaction)
                return ((), isCommitted: true)
            }
            #expect(try store.figures().firstEvent == first)
            try subject.expectSound()
        }
        subject.close()
    }

    @Test("go in bounded steps where the bound was lowered, whatever their age")
    func lowered() throws {
        let subject = try subject()
        try flood(subject, batches: 200)
        try subject.reopen()
        let store = try subject.engineStore
        let trim = EventTrim(environment: store.environment, tables: store.tables, keys: store.keys)
        let (before, bytesMax) = (Clock.start - .days(1), Self.bytesMax)
        for (step, first) in [(.some, 6_401), (.some, 12_801)] as [(EventTrim.Step, UInt64)] {
            try #expect(trim.step(before: before, above: bytesMax) == step)
            #expect(try store.figures().firstEvent == first)
            try subject.expectSound()
        }
        for _ in 0..<2 {
            try #expect(trim.step(before: before, above: bytesMax) == .done)
            let left = try store.figures().eventBytes
            #expect(left <= bytesMax && left > bytesMax - 2 * 16_384)
        }
        try subject.expectSound()
        subject.close()
    }

    @Test("stay while the fold that brings them has not come to its end")
    func foldUnderWay() throws {
        let subject = try subject()
        try flood(subject, batches: 10)
        // As a fold leaves it that was stopped after its first step.
        try subject.inside { inside in
            let head = EventHead(sequence: 300, hash: try inside.eventBlock(301).previous)
            let keys = StoreKeys(inside.ring, inside.seal, wrappedBy: inside.ring.current.id)
            let trim = EventTrim(
                environment: inside.environment, tables: inside.tables, keys: keys)
            try inside.environment.write { transaction in
                try Meta.putHead(head, transaction, inside.tables, inside.seal)
                try trim.makeRoom(above: 0, atMost: .max, transaction)
                return ((), isCommitted: true)
            }
            let left = try inside.pairs(.events).map(\.key)
            #expect(left == (3..<10).map { Inside.key(ofEvent: UInt64($0) * 100 + 1) })
        }
    }
}
