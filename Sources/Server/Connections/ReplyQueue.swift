// Puts replies into the order of their requests, whenever they are ready.

struct ReplyQueue {
    /// What is kept of an empty buffer: a full pipeline of short answers, on every connection.
    private static let capacityKept = 1024

    /// The lines whose turn has come, one after the other.
    private(set) var ready: [UInt8] = []
    /// Replies that came before their turn.
    private var early: [Int: [UInt8]] = [:]
    /// The number of the oldest request without a reply, and of the next request.
    private var first = 0
    private var next = 0

    var hasReady: Bool { !ready.isEmpty }

    /// Requests without a reply.
    var count: Int { next - first }

    /// Takes a place for a reply to come.
    mutating func reserve() -> Int {
        defer { next += 1 }
        return next
    }

    /// Has `write` append the line of this place.
    mutating func fill(_ place: Int, _ write: (inout [UInt8]) -> Void) {
        precondition(place >= first && early[place] == nil, "a request was answered twice")
        guard place == first else {
            var line: [UInt8] = []
            write(&line)
            early[place] = line
            return
        }
        write(&ready)
        first += 1
        while !early.isEmpty, let line = early.removeValue(forKey: first) {
            ready.append(contentsOf: line)
            first += 1
        }
    }

    /// The lines in `ready` were taken.
    mutating func removeReady() {
        ready.removeAll(keepingCapacity: ready.capacity <= Self.capacityKept)
    }
}
