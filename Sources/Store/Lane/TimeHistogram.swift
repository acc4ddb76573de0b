// Times by their size: four classes between a power of two and the next, so that a percentile is
// right to a fifth.

package struct TimeHistogram: Sendable {
    private static let classesPerOctave = 4
    /// Up to 2³² µs, more than an hour.
    private static let octaves = 32
    private var counts = [Int](repeating: 0, count: octaves * classesPerOctave)
    package private(set) var count = 0
    package private(set) var sum: Int64 = 0
    package private(set) var max: Int64 = 0

    package init() {}

    package mutating func note(microseconds: Int64) {
        let time = Swift.max(0, microseconds)
        counts[Self.index(of: time)] += 1
        count += 1
        sum += time
        max = Swift.max(max, time)
    }

    private static func index(of time: Int64) -> Int {
        guard time >= 4 else { return Int(time) }
        let octave = 63 - time.leadingZeroBitCount
        let part = Int(time >> Int64(octave - 2)) & 3
        return min(octave * classesPerOctave + part, octaves * classesPerOctave - 1)
    }

    /// The least time that is longer than all of a class.
    private static func end(of index: Int) -> Int64 {
        let octave = index / classesPerOctave
        guard octave >= 2 else { return Int64(index) + 1 }
        return Int64(index % classesPerOctave + 5) << Int64(octave - 2)
    }

    /// A time that so many of a thousand do not exceed; 0 when there was none.
    package func microseconds(permille: Int) -> Int64 {
        let wanted = (count * permille + 999) / 1000
        guard wanted > 0 else { return 0 }
        var seen = 0
        for (index, some) in counts.enumerated() {
            seen += some
            if seen >= wanted { return min(Self.end(of: index) - 1, max) }
        }
        return max
    }

    /// How many took less than this, which is a power of two.
    package func count(below microseconds: Int64) -> Int {
        counts.prefix(Self.index(of: microseconds)).reduce(0, +)
    }
}
