// Whether a disk counts as quick, after flushes that took so long.

import Testing

@testable import LMDBStore

@Suite("The time of flushes")
struct FlushTimesTests {
    private static func isQuick(after times: [Int64]) -> Bool {
        var figure = FlushTimes()
        for time in times { figure.note(microseconds: time) }
        return figure.isQuick
    }

    @Test(
        "says that a disk is quick once it was, and as long as it mostly is",
        arguments: [
            ([], false), ([0], true), ([499], true), ([500], false), ([4000], false),
            ([100, 3000], true), ([100, 4000], false),
            // One that took long by chance is forgotten, and so is one that did not.
            ([100, 4000] + [Int64](repeating: 100, count: 10), true),
            ([Int64](repeating: 4000, count: 30) + [100], false),
            ([Int64](repeating: 4000, count: 30) + [Int64](repeating: 100, count: 20), true),
        ] as [([Int64], Bool)])
    func cases(times: [Int64], isQuick: Bool) {
        #expect(Self.isQuick(after: times) == isQuick)
    }
}
