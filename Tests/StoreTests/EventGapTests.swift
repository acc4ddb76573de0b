// The record that stands in the place of lost events: what it says, byte for byte, and that the
// chain goes on behind it and nowhere else.

import Accounts
import Secrets
import Testing

@testable import Store

@Suite("A gap in the events")
struct EventGapTests {
    private static let before = EventHead(sequence: 4, hash: [UInt8](0..<32))
    private static let last = EventHead(sequence: 9, hash: [UInt8](32..<64))
    private static let gap = EventGap(
        after: before, through: last, at: Instant(milliseconds: 0x0102), by: Peer(uid: 7, pid: 9))

    /// Written by the version that made them first. They never change.
    private static let bytes: [UInt8] =
        [0, 0, 0, 0, 0, 0, 0, 5] + [UInt8](0..<32) + [0, 0, 0, 0, 0, 0, 0, 9] + [UInt8](32..<64)
        + [0, 0, 0, 0, 0, 0, 1, 2] + [0, 0, 0, 7] + [0, 0, 0, 9]

    private func decoded(_ bytes: [UInt8]) throws(RecordFault) -> EventBlock {
        try bytes.withBytes { bytes throws(RecordFault) in
            try EventRecord.decode(bytes, version: EventRecord.gapVersion)
        }
    }

    @Test("comes back as it was, and tells of itself as an event")
    func roundTrip() throws {
        #expect(Self.gap.bytes == Self.bytes)
        let block = try decoded(Self.bytes)
        #expect(block.gap == Self.gap && block.previous == Self.before.hash)
        #expect(block.first == 5 && block.last == 9)
        #expect(Self.bytes.withUnsafeBytes { block.head(of: $0) } == Self.last)
        let event = try #require(block.events.first)
        #expect(block.events.count == 1 && event.sequence == 5)
        #expect(event.label.op == "events" && event.result == "lost" && event.label.reason == "5")
        #expect(
            Self.gap.sentence == "events 5 to 9 are lost: found at \(Self.gap.foundAt.text)")
    }

    @Test("is malformed when cut short, too long, or of no event")
    func malformed() {
        for count in 0..<Self.bytes.count {
            #expect(throws: RecordFault.malformed) { try decoded(Array(Self.bytes[..<count])) }
        }
        #expect(throws: RecordFault.malformed) { try decoded(Self.bytes + [0]) }
        for (place, byte) in [(7, 0), (7, 10), (47, 4)] as [(Int, UInt8)] {
            var bytes = Self.bytes
            bytes[place] = byte
            #expect(throws: RecordFault.malformed) { try decoded(bytes) }
        }
    }

    /// What a chain finds that comes from `start`, has the gap, and goes on.
    private func report(
        after start: EventHead = before, next: EventHead = last, through anchor: ChainAnchor? = nil
    ) throws -> CheckReport {
        var chain = EventChain(after: start, through: anchor)
        var report = CheckReport()
        Self.bytes.withUnsafeBytes {
            chain.follow($0, version: EventRecord.gapVersion, &report)
        }
        var block = EventBlockWriter(after: next)
        block.append(
            Event(
                sequence: block.nextSequence, at: Instant(seconds: 1), app: "", user: "",
                label: EventLabel(op: "health", peer: Peer(uid: 0, pid: 1)), result: "ok"))
        block.withBytes { chain.follow($0, version: EventRecord.version, &report) }
        chain.end(at: block.head, &report)
        return report
    }

    @Test("is no problem where it belongs, and counts what is lost")
    func chain() throws {
        let report = try report()
        #expect(report.problems == [])
        #expect(report.lostEvents == 5 && report.events == 1)
        #expect(report.losses == [Self.gap.sentence])
        // Where the record before is not known, the gap takes it as it is.
        let unknown = EventGap(
            after: EventHead(sequence: 4, hash: EventHead.empty.hash), through: Self.last,
            at: Instant(seconds: 1), by: Peer(uid: 0, pid: 1))
        var chain = EventChain(after: Self.before)
        var found = CheckReport()
        unknown.bytes.withBytes { chain.follow($0, version: EventRecord.gapVersion, &found) }
        #expect(found.problems == [])
    }

    @Test("hides nothing: neither another record before it, nor another one behind it")
    func forged() throws {
        let other = EventHead(sequence: 4, hash: [UInt8](1..<33))
        try #expect(
            report(after: other).problems == ["event 5 does not continue the one before it"])
        let behind = EventHead(sequence: 9, hash: [UInt8](1..<33))
        try #expect(
            report(next: behind).problems == ["event 10 does not continue the one before it"])
        let later = EventHead(sequence: 10, hash: Self.last.hash)
        try #expect(
            report(next: later).problems == ["event 11 follows event 9: some are gone"])
    }

    @Test("proves an anchor at its end, and none among what is lost")
    func anchors() throws {
        try #expect(
            report(through: ChainAnchor(sequence: 9, hash: Self.last.hash)).problems == [])
        try #expect(
            report(through: ChainAnchor(sequence: 7, hash: Self.last.hash)).problems == [
                "event 7 of the anchor is lost: nothing tells whether the chain went through it"
            ])
    }
}
