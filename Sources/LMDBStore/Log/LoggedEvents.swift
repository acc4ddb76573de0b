// The events of a lap, in their order.

struct LoggedEvents {
    private let lap: LogLap
    private var offset: Int
    private let end: Int
    private var waiting: ArraySlice<LogFrameReader.Item> = []

    /// - Parameters: where frames begin.
    init(_ lap: LogLap, from start: Int = 0, to end: Int? = nil) throws {
        self.lap = lap
        offset = start
        self.end = end ?? lap.end
        try fill()
    }

    var isEmpty: Bool { waiting.isEmpty }
    var peek: LogFrameReader.Item? { waiting.first }

    /// The next event's key, and its place in the segment.
    mutating func next() throws -> LogFrameReader.Item? {
        guard let entry = waiting.popFirst() else { return nil }
        if waiting.isEmpty { try fill() }
        return entry
    }

    /// A key of another length is nobody's event; none has number 0.
    static func sequence(_ key: UnsafeRawBufferPointer) -> UInt64 {
        guard key.count == Table.events.keyBytes else { return 0 }
        return UInt64(bigEndian: key.loadUnaligned(as: UInt64.self))
    }

    /// Goes on to the next frame that has events.
    private mutating func fill() throws {
        while waiting.isEmpty, offset < end {
            let frame = try LogFrameReader(known: lap.bytes, at: offset)
            var found: [LogFrameReader.Item] = []
            try frame.forEach { entry in
                if entry.table == .events { found.append(entry.moved(by: offset)) }
            }
            waiting = found[...]
            offset += LogFrame.footprint(frame.header.length)
        }
    }
}
