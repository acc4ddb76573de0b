// Bytes of PostgreSQL's protocol as whole messages ("Message Formats" in its manual): a type, which
// only the first of a client lacks, and a length that counts itself.

struct MessageSplitter {
    private var bytes: [UInt8] = []
    private var hasType: Bool

    init(of sender: Cut.Sender) { hasType = sender == .server }

    mutating func append(_ more: [UInt8]) { bytes += more }

    /// The next message, once it is whole.
    mutating func next() -> [UInt8]? {
        let header = hasType ? 1 : 0
        guard bytes.count >= header + 4 else { return nil }
        let length = bytes[header..<(header + 4)].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= header + length else { return nil }
        let message = Array(bytes[..<(header + length)])
        bytes.removeFirst(message.count)
        hasType = true
        return message
    }
}
