// What a fold has left of a lap, as much as there is room for in the other one.

import Store

struct Leftovers {
    private(set) var all: [Leftover] = []
    /// What they take in the frame that takes them over.
    private var bytes = LogFrame.bytesMin + LogSegment.sectorBytes

    var isEmpty: Bool { all.isEmpty }

    /// Returns whether there was room.
    mutating func add(_ leftover: Leftover, of lap: LogLap, atMost bytesMax: Int) -> Bool {
        let record = leftover.place.record(in: lap.bytes)?.count ?? 0
        let more = 1 + leftover.table.keyBytes + LogPlace.lengthBytes + record
        guard bytes + more <= bytesMax else { return false }
        all.append(leftover)
        bytes += more
        return true
    }
}
