// Tells a yes of totpd. Replies that are a yes byte for byte as one before are not read again, so
// that the generator costs less than what it measures.

import TOTPClient

struct YesMemory {
    private var known: [UInt8] = []

    /// Reads a reply. Returns whether it is a yes, and knows it from then on if it is.
    mutating func read(_ reply: UnsafeRawBufferPointer) -> Bool {
        if !known.isEmpty, reply.elementsEqual(known) { return true }
        let line = Array(reply)
        guard Reply(line: line).isYes else { return false }
        known = line
        return true
    }
}
