// Events as bytes, and the chain that follows them: what is missing, added, changed or moved is
// found.

import Accounts
import StoreHarness
import Testing

@testable import Store

@Suite("An event's record")
struct EventRecordTests {
    static let events = [
        Event(
            sequence: 1, at: Clock.start, app: "shop", user: "ada",
            label: EventLabel(op: "verify", peer: Peer(uid: 1000, pid: 42)), result: "ok",
            method: .totp),
        Event(
            sequence: .max, at: Instant(milliseconds: -1), app: "a",
            user: String(repeating: "é", count: 128),
            label: EventLabel(
                op: "reset", peer: Peer(uid: .max, pid: .min),
                reason: String(repeating: "r", count: Policy.reasonBytesMax)),
            result: "wrong_code", method: .backup, alert: .longCount),
        Event(
            sequence: 7, at: Clock.after(1), app: "shop", user: "b",
            label: EventLabel(op: "verify", peer: Peer(uid: 0, pid: 1)), result: "wrong_code",
            alert: .locked),
        // Sources came with version 3.
        Event(
            sequence: 8, at: Clock.after(2), app: "shop", user: "b",
            label: EventLabel(
                op: "verify", peer: Peer(uid: 0, pid: 1), source: "[2001:db8::1]:4711"),
            result: "wrong_code"),
    ]
    /// The hash that each of them continues.
    static let previous = [
        [UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xff, count: 32), [UInt8](0..<32),
        [UInt8](1..<33),
    ]

    /// Blocks of one event each, and one of all.
    static let blocks = single + [all]
    static let single = zip(events, previous).map { EventBlock(previous: $1, events: [$0]) }
    private static let all = EventBlock(
        previous: previous[2],
        events: events.enumerated().map { index, event in event.numbered(UInt64(7 + index)) })

    @Test("comes back as it was", arguments: blocks.indices)
    func roundTrip(_ index: Int) throws {
        let block = Self.blocks[index]
        #expect(try EventBlock(block.bytes) == block)
    }

    @Test("is malformed when cut short or too long", arguments: events.indices)
    func truncated(_ index: Int) throws {
        let record = Plain(kind: .event, bytes: Self.blocks[index].bytes)
        for count in 0..<record.bytes.count {
            #expect(record.fault(of: Array(record.bytes.prefix(count))) == .malformed)
        }
        #expect(record.fault(of: record.bytes + [0]) == .malformed)
    }

    @Test("is at most four pages, however many it holds")
    func full() throws {
        var writer = EventBlockWriter(after: .empty)
        while !writer.isFull { writer.append(Self.events[1].numbered(writer.nextSequence)) }
        // LMDB's pages of 4 KiB, less its own header and what the sealing adds.
        #expect(writer.bytes.count <= 4 * 4096 - 16 - 5 - 40)
        let head = writer.head
        #expect(head.sequence == writer.count)
        #expect(try EventBlock(writer.bytes).events.count == Int(writer.count))
    }

    @Test("with the longest source is at most four pages too")
    func longestSource() throws {
        let (longest, plain) = (Self.events[1], Self.events[1].label)
        let label = EventLabel(
            op: plain.op, peer: plain.peer, reason: plain.reason,
            source: String(repeating: "s", count: Policy.limitKeyBytesMax))
        let event = Event(
            sequence: 1, at: longest.at, app: longest.app, user: longest.user, label: label,
            result: longest.result, method: longest.method, alert: longest.alert)
        var writer = EventBlockWriter(after: .empty)
        while !writer.isFull { writer.append(event.numbered(writer.nextSequence)) }
        #expect(writer.bytes.count <= 4 * 4096 - 16 - 5 - 40)
        #expect(try EventBlock(writer.bytes).events.last?.label == label)
    }

    @Test("keeps the source of a code that was refused, and of no other")
    func sources() throws {
        let ada = try Person("ada")
        let store = MemoryStore()
        for (asked, isKept) in [
            (ada.wrong(at: Clock.start), true), (ada.enroll(), false),
        ] {
            let asked = asked.from("203.0.113.7")
            guard case .account(let change) = asked.change(in: store) else { continue }
            let event = try #require(Event.of(change, change.decide(Account(ada.name)), 1))
            #expect(event.label.source == (isKept ? "203.0.113.7" : nil))
        }
    }

    @Test("of an unknown version is not read")
    func unknownVersion() throws {
        let bytes = Self.blocks[0].bytes
        for version in [0, 5, 255] as [UInt8] {
            #expect(throws: RecordFault.unknownFormat(version)) {
                try bytes.withBytes { try EventRecord.decode($0, version: version) }
            }
        }
    }

    @Test("never crashes a reader with a bit flipped", arguments: blocks.indices)
    func flipped(_ index: Int) throws {
        let block = Self.blocks[index]
        let bytes = block.bytes
        for bit in 0..<(8 * bytes.count) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            do throws(RecordFault) {
                #expect(try EventBlock(flipped) != block, "bit \(bit)")
            } catch {
                #expect(error == .malformed)
            }
        }
    }
}

@Suite("The chain of events")
struct EventChainTests {
    /// Ten events as a store would have written them.
    private func chain() throws -> (records: [[UInt8]], head: EventHead) {
        let ada = try Person("ada")
        let store = MemoryStore()
        var head = EventHead.empty
        var records: [[UInt8]] = []
        for index in 0..<10 {
            let wrong = ada.wrong(at: Clock.after(Int64(index)))
            guard case .account(let change) = wrong.change(in: store) else { continue }
            let outcome = change.decide(Account(ada.name))
            var block = EventBlockWriter(after: head)
            block.append(try #require(Event.of(change, outcome, block.nextSequence)))
            head = block.head
            records.append(block.bytes)
        }
        return (records, head)
    }

    private func problems(_ records: [[UInt8]], _ head: EventHead) -> [String] {
        var report = CheckReport()
        var chain = EventChain()
        for record in records {
            record.withUnsafeBytes { chain.follow($0, version: EventRecord.version, &report) }
        }
        chain.end(at: head, &report)
        return report.problems
    }

    @Test("is whole")
    func whole() throws {
        let (records, head) = try chain()
        #expect(problems(records, head) == [])
        #expect(problems([], .empty) == [])
        #expect(head.sequence == 10)
    }

    @Test("shows every event that is gone, and the gap only once")
    func gaps() throws {
        let (records, head) = try chain()
        for index in records.indices {
            var rest = records
            rest.remove(at: index)
            #expect(problems(rest, head).count == 1, "without event \(index + 1)")
        }
        #expect(problems([], head).count == 1)
        #expect(problems(Array(records.dropFirst(5)), head).count == 1)
        #expect(problems(Array(records.dropLast(5)), head).count == 1)
    }

    @Test("shows events that changed places, came twice or were put in")
    func disorder() throws {
        let (records, head) = try chain()
        for index in records.indices.dropLast() {
            var swapped = records
            swapped.swapAt(index, index + 1)
            #expect(!problems(swapped, head).isEmpty, "swapped at \(index)")
            var twice = records
            twice.insert(records[index], at: index)
            #expect(!problems(twice, head).isEmpty, "twice at \(index)")
        }
        #expect(!problems(records + [records[0]], head).isEmpty)
    }

    @Test("shows any bit that changed")
    func bits() throws {
        let (records, head) = try chain()
        // Numbers that no single bit makes 0: that event is the next test's.
        for index in [2, 4, 9] {
            for bit in 0..<(8 * records[index].count) {
                var changed = records
                changed[index][bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(!problems(changed, head).isEmpty, "event \(index + 1), bit \(bit)")
            }
        }
    }

    @Test("tells of an event without a number, and goes on")
    func numberZero() async throws {
        await #expect(processExitsWith: .success) {
            var report = CheckReport()
            var chain = EventChain()
            let nameless = EventBlock(
                previous: EventRecordTests.previous[0],
                events: [EventRecordTests.events[0].numbered(0)])
            nameless.bytes.withUnsafeBytes {
                chain.follow($0, version: EventRecord.version, &report)
            }
            #expect(report.problemCount == 1)
        }
    }

    @Test("goes on after the greatest number there is")
    func greatestNumber() async throws {
        await #expect(processExitsWith: .success) {
            var report = CheckReport()
            var chain = EventChain()
            let last = EventRecordTests.blocks[1].bytes
            for _ in 0..<2 {
                last.withUnsafeBytes { chain.follow($0, version: EventRecord.version, &report) }
            }
            #expect(report.problemCount == 2)
        }
    }
}
