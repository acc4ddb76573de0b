// Writes one block of events, event by event. The chain hashes these bytes: what a version writes
// never changes.

import Secrets

/// Writes one block, event by event.
package struct EventBlockWriter {
    /// A block that has grown this far takes no more: four pages of LMDB's, less what the sealing
    /// and the longest event add.
    private static let bytesMax = 15_000

    package let first: UInt64
    package private(set) var count: UInt64 = 0
    private var writer: RecordWriter

    package init(after head: EventHead) {
        first = head.sequence &+ 1
        writer = RecordWriter(reserving: 256)
        writer.append(first)
        writer.append(fixed: head.hash)
    }

    package var nextSequence: UInt64 { first &+ count }
    package var isFull: Bool { writer.count >= Self.bytesMax }
    package var bytes: [UInt8] { writer.bytes }

    /// Lends what `bytes` copies.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        writer.withBytes(body)
    }

    package mutating func append(_ event: Event) {
        // Both engines number each event with `nextSequence` as they append it: see `EventBudgets`.
        precondition(event.sequence == nextSequence, "events are kept in their order")
        writer.append(event)
        count += 1
    }

    package mutating func append(_ kept: EventBudgets.Kept) {
        if let omission = kept.omission { append(omission) }
        if let event = kept.event { append(event) }
    }

    /// Where the chain ends once this block is kept.
    package var head: EventHead {
        EventHead(
            sequence: first &+ count &- 1,
            hash: writer.withBytes { SHA256.hash($0) })
    }
}

extension RecordWriter {
    fileprivate mutating func append(_ event: Event) {
        append(event.at.milliseconds)
        append(event.label.peer.uid)
        append(event.label.peer.pid)
        append(text: event.app)
        append(text: event.user)
        append(text: event.label.op)
        append(text: event.result)
        append(text: event.method?.rawValue ?? "")
        append(text: event.alert?.rawValue ?? "")
        append(text: event.label.reason ?? "")
        append(text: event.label.source ?? "")
    }
}
