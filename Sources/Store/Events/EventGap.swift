// Stands in the place of events that a damaged disk has lost. The chain goes on behind it: it has
// the hash of the last record that is lost, which the next one continues.

import Accounts

package struct EventGap: Equatable, Sendable {
    package let lost: ClosedRange<UInt64>
    /// SHA-256 of the record before; zeros where that is not known.
    package let previous: [UInt8]
    /// SHA-256 of the last record that is lost.
    package let lastHash: [UInt8]
    package let foundAt: Instant
    /// The process that found it.
    package let peer: Peer

    /// The result of what is known of none of them.
    package static let result = "lost"

    /// - Parameters:
    ///   - before: where the chain ended before the first that is lost.
    ///   - last: the last that is lost, and the hash of its record.
    package init(after before: EventHead, through last: EventHead, at now: Instant, by peer: Peer) {
        precondition(before.sequence < last.sequence, "a gap has lost an event")
        lost = (before.sequence + 1)...last.sequence
        (previous, lastHash) = (before.hash, last.hash)
        (foundAt, self.peer) = (now, peer)
    }

    package var count: UInt64 { lost.upperBound - lost.lowerBound + 1 }

    /// Where the chain ends with them.
    package var head: EventHead { EventHead(sequence: lost.upperBound, hash: lastHash) }

    /// The event that tells of them. It has the number of the first.
    package var event: Event {
        Event(
            sequence: lost.lowerBound, at: foundAt, app: "", user: "",
            label: EventLabel(op: "events", peer: peer, reason: "\(count)"), result: Self.result)
    }

    package var sentence: String {
        let what =
            count == 1
            ? "event \(lost.lowerBound) is lost"
            : "events \(lost.lowerBound) to \(lost.upperBound) are lost"
        return "\(what): found at \(foundAt.text)"
    }

    // MARK: Bytes

    /// As its record holds it: the first that is lost ‖ hash of the record before ‖ the last that
    /// is lost ‖ hash of its record ‖ moment ‖ process.
    package var bytes: [UInt8] {
        var writer = RecordWriter(reserving: 96)
        writer.append(lost.lowerBound)
        writer.append(fixed: previous)
        writer.append(lost.upperBound)
        writer.append(fixed: lastHash)
        writer.append(foundAt.milliseconds)
        writer.append(peer.uid)
        writer.append(peer.pid)
        return writer.bytes
    }

    init(_ bytes: UnsafeRawBufferPointer) throws(RecordFault) {
        var reader = RecordReader(bytes)
        let first = try reader.read(UInt64.self)
        previous = try reader.read(fixed: 32)
        let last = try reader.read(UInt64.self)
        lastHash = try reader.read(fixed: 32)
        foundAt = try reader.readInstant()
        peer = Peer(uid: try reader.read(), pid: try reader.read())
        try reader.finish()
        guard first > 0, first <= last else { throw .malformed }
        lost = first...last
    }
}
