// A limit for each of many keys, as an attacker makes them up who changes addresses. The keys
// belong to an app of their own. Requests that are refused for want of room are expected, and
// counted.

import TOTPClient

struct KeysWorkload: Workload {
    static let app = "flood"

    let lines: RequestLines
    private(set) var refused = 0
    private var memory = YesMemory()

    init(_ population: Population, keys: Range<Int>) {
        let number = String(repeating: "0", count: Population.numberDigits)
        let head = #"{"op":"limit","app":"\#(Self.app)","key":""# + population.prefix
        // For a month, so that no place comes back meanwhile.
        lines = RequestLines(
            template: head + number + #"","max":5,"per":2592000}"# + "\n", count: keys.count)
        for (line, key) in keys.enumerated() {
            lines.write(key, digits: number.utf8.count, at: head.utf8.count, line: line)
        }
    }

    mutating func prepare(upTo end: Int) {}

    mutating func check(_ reply: UnsafeRawBufferPointer, to line: Int) -> Bool {
        if memory.read(reply) { return true }
        refused += 1
        return reply.starts(with: #"{"ok":false,"error":"too_many_keys","#.utf8)
    }
}
