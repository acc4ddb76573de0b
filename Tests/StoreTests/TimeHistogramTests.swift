// The histogram of the lane against a sorted list: what it says of times may be a little too long,
// never too short, and what it counts is exact.

import SeededRandom
import Testing

@testable import Store

@Suite("A histogram of times")
struct TimeHistogramTests {
    private static func histogram(_ times: [Int64]) -> TimeHistogram {
        var histogram = TimeHistogram()
        for time in times { histogram.note(microseconds: time) }
        return histogram
    }

    /// The least time that so many of a thousand do not exceed.
    private static func exact(_ sorted: [Int64], permille: Int) -> Int64 {
        sorted[max(1, (sorted.count * permille + 999) / 1000) - 1]
    }

    @Test("of nothing says nothing")
    func empty() {
        let histogram = TimeHistogram()
        #expect(histogram.count == 0 && histogram.sum == 0 && histogram.max == 0)
        #expect(histogram.microseconds(permille: 500) == 0)
        #expect(histogram.count(below: 1 << 23) == 0)
    }

    @Test("of one time says that time", arguments: [0, 1, 3, 4, 5, 63, 64, 127, 128, 999_999])
    func one(_ time: Int64) {
        let histogram = Self.histogram([time])
        for permille in [1, 500, 1000] {
            #expect(histogram.microseconds(permille: permille) == time)
        }
        #expect(histogram.count == 1 && histogram.sum == time && histogram.max == time)
    }

    @Test("puts a time at the edge of a class where it belongs", arguments: 2...30)
    func edges(_ power: Int) {
        let edge = Int64(1) << Int64(power)
        let histogram = Self.histogram([edge - 1, edge, edge + 1])
        #expect(histogram.count(below: edge) == 1)
        #expect(histogram.count(below: edge * 2) == 3)
        #expect(histogram.microseconds(permille: 333) == edge - 1)
    }

    @Test("is right to a fifth, and never too low, whatever the times")
    func random() {
        var generator = SeededGenerator.announced()
        for _ in 0..<200 {
            // Of all sizes: the exponent is even, not the time.
            let times = (0..<Int.random(in: 1...2000, using: &generator)).map { _ in
                Int64.random(
                    in: 0...(1 << Int64.random(in: 0...31, using: &generator)),
                    using: &generator)
            }
            let (sorted, histogram) = (times.sorted(), Self.histogram(times))
            for permille in [1, 10, 500, 900, 990, 999, 1000] {
                let (exact, said) = (
                    Self.exact(sorted, permille: permille),
                    histogram.microseconds(permille: permille)
                )
                #expect(exact <= said && (said - exact) * 5 <= said, "\(exact) \(said)")
            }
            #expect(histogram.microseconds(permille: 1000) == sorted.last)
            #expect(histogram.count == times.count && histogram.sum == times.reduce(0, +))
            for power in 0...31 {
                let edge = Int64(1) << Int64(power)
                #expect(histogram.count(below: edge) == times.filter { $0 < edge }.count)
            }
        }
    }

    @Test("takes a clock that went back for no time, and more than an hour for an hour")
    func extremes() {
        let histogram = Self.histogram([-5, 1 << 40])
        #expect(histogram.count(below: 1) == 1 && histogram.sum == 1 << 40)
        #expect(histogram.max == 1 << 40)
        #expect(histogram.microseconds(permille: 1000) == (1 << 32) - 1)
    }
}

@Suite("Figures of the lane")
struct LaneFiguresTests {
    @Test("tell the batches that were kept from those that were not")
    func batches() {
        var figures = LaneFigures()
        #expect(!figures.isFull && figures.keptAt == 0)
        figures.note(3, since: MonotonicClock.microseconds(), .full("no space"))
        #expect(figures.isFull && figures.keptAt == 0 && figures.refused == 1)
        let before = MonotonicClock.microseconds()
        figures.note(5, since: before, nil)
        #expect(!figures.isFull && figures.keptAt >= before)
        figures.note(4, since: before, nil)
        #expect(figures.batches == 3 && figures.changes == 12 && figures.batchMax == 5)
        #expect(figures.refused == 1 && figures.times.count == 3)
    }
}
