// The same number of small durable changes, asked of Redis: INCR as inline commands (redis.io,
// "Redis serialization protocol specification"). It expects to be the only one who asks.

struct RedisWorkload: Workload {
    let lines: RequestLines

    init(keys: some Collection<UInt32>) {
        let head = "INCR key:"
        let number = String(repeating: "0", count: Population.numberDigits)
        lines = RequestLines(template: head + number + "\n", count: keys.count)
        for (line, key) in keys.enumerated() {
            lines.write(Int(key), digits: number.utf8.count, at: head.utf8.count, line: line)
        }
    }

    mutating func prepare(upTo end: Int) {}

    /// `:N` and CR.
    mutating func check(_ reply: UnsafeRawBufferPointer, to line: Int) -> Bool {
        guard reply.count >= 3, reply.first == UInt8(ascii: ":"),
            reply.last == UInt8(ascii: "\r")
        else { return false }
        return reply[1..<reply.count - 1].allSatisfy { (0x30...0x39).contains($0) }
    }
}
