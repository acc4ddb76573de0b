// Events as bytes, and the chain that follows them: what is gone, put in, changed or put elsewhere
// must be found, whatever the bytes say.

import Accounts
import Testing

@testable import Store

@Suite("An event's record")
struct EventRecordTests {
    static let events = [
        Event(
            sequence: 1, previous: [UInt8](repeating: 0, count: 32), at: Clock.start, app: "shop",
            user: "ada", label: EventLabel(op: "verify", peer: Peer(uid: 1000, pid: 42)),
            result: "ok", method: .totp, alert: nil),
        Event(
            sequence: .max, previous: [UInt8](repeating: 0xff, count: 32),
            at: Instant(milliseconds: -1), app: "a", user: String(repeating: "é", count: 128),
            label: EventLabel(
                op: "reset", peer: Peer(uid: .max, pid: .min),
                reason: String(repeating: "r", count: Policy.reasonBytesMax)),
            result: "wrong_code", method: .backup, alert: .longCount),
        Event(
            sequence: 7, previous: [UInt8](0..<32), at: Clock.after(1), app: "shop", user: "b",
            label: EventLabel(op: "verify", peer: Peer(uid: 0, pid: 1)), result: "wrong_code",
            method: nil, alert: .locked),
    ]

    @Test("comes back as it was", arguments: events.indices)
    func roundTrip(_ index: Int) throws {
        let event = Self.events[index]
        let bytes = EventRecord.encode(event).bytes
        #expect(try bytes.withBytes { try EventRecord.decode($0) } == event)
    }

    @Test("is malformed when cut short or too long", arguments: events.indices)
    func truncated(_ index: Int) throws {
        let event = Self.events[index]
        let record = Plain(kind: .event, bytes: EventRecord.encode(event).bytes)
        for count in 0..<record.bytes.count {
            #expect(record.fault(of: Array(record.bytes.prefix(count))) == .malformed)
        }
        #expect(record.fault(of: record.bytes + [0]) == .malformed)
    }

    @Test("never crashes a reader with a bit flipped", arguments: events.indices)
    func flipped(_ index: Int) throws {
        let event = Self.events[index]
        let bytes = EventRecord.encode(event).bytes
        for bit in 0..<(8 * bytes.count) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            do {
                #expect(try flipped.withBytes { try EventRecord.decode($0) } != event, "bit \(bit)")
            } catch let fault as RecordFault {
                #expect(fault == .malformed)
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
            let change = ada.wrong(at: Clock.after(Int64(index))).change(in: store)
            let outcome = change.decide(Account(ada.name))
            let bytes = EventRecord.encode(try #require(head.next(for: change, outcome))).bytes
            bytes.withUnsafeBytes { head.advance(past: $0) }
            records.append(bytes)
        }
        return (records, head)
    }

    private func problems(_ records: [[UInt8]], _ head: EventHead) -> [String] {
        var report = CheckReport()
        var chain = EventChain()
        for record in records { record.withUnsafeBytes { chain.follow($0, &report) } }
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
            let event = EventRecordTests.events[0]
            let nameless = Event(
                sequence: 0, previous: event.previous, at: event.at, app: event.app,
                user: event.user, label: event.label, result: event.result, method: nil,
                alert: nil)
            EventRecord.encode(nameless).bytes.withUnsafeBytes { chain.follow($0, &report) }
            #expect(report.problemCount == 1)
        }
    }

    @Test("goes on after the greatest number there is")
    func greatestNumber() async throws {
        await #expect(processExitsWith: .success) {
            var report = CheckReport()
            var chain = EventChain()
            let last = EventRecord.encode(EventRecordTests.events[1]).bytes
            last.withUnsafeBytes { chain.follow($0, &report) }
            last.withUnsafeBytes { chain.follow($0, &report) }
            #expect(report.problemCount == 2)
        }
    }
}
