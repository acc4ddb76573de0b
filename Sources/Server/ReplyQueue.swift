// Replies in the order of their requests, whenever they are ready. It must never let one past an
// earlier one, nor lose a place.

import NIOCore

struct ReplyQueue {
    private var lines = CircularBuffer<[UInt8]?>(initialCapacity: 16)
    /// The number of the request whose reply is at the head.
    private var first = 0

    /// Requests without a reply that could be taken yet.
    var count: Int { lines.count }

    /// Takes a place for a reply to come.
    mutating func reserve() -> Int {
        lines.append(nil)
        return first + lines.count - 1
    }

    mutating func fill(_ place: Int, with line: [UInt8]) {
        let index = lines.index(lines.startIndex, offsetBy: place - first)
        precondition(lines[index] == nil, "a request was answered twice")
        lines[index] = line
    }

    /// Takes the head, once it is there.
    mutating func next() -> [UInt8]? {
        guard let head = lines.first, let line = head else { return nil }
        lines.removeFirst()
        first += 1
        return line
    }
}
