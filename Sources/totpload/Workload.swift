// What a run sends and what it hopes to read. The driver knows no protocol; a workload knows no
// socket.

import TOTPClient

protocol Workload {
    var lines: RequestLines { get }

    /// Called before lines up to `end` are sent, for what must not be older than that.
    mutating func prepare(upTo end: Int)

    /// Whether this reply, without its LF, is what was hoped for.
    mutating func isExpected(_ reply: UnsafeRawBufferPointer, to line: Int) -> Bool
}

/// Tells a yes of totpd. Replies that are a yes byte for byte as one before are not read again, so
/// that the generator costs less than what it measures.
struct YesMemory {
    private var known: [UInt8] = []

    mutating func isYes(_ reply: UnsafeRawBufferPointer) -> Bool {
        if !known.isEmpty, reply.elementsEqual(known) { return true }
        let line = Array(reply)
        guard Reply(line: line).isYes else { return false }
        known = line
        return true
    }
}
