// Where a flush is done, after others that took so long, and that had company or none.

import Testing

@testable import LMDBStore

@Suite("The place of a flush")
struct FlushPlaceTests {
    private static func isHere(after times: [Int64]) -> Bool {
        var place = FlushPlace()
        for time in times { place.note(microseconds: time, .others) }
        return place.isHere
    }

    @Test(
        "is the thread that has written, once a disk was quick, and as long as it mostly is",
        arguments: [
            ([], false), ([0], true), ([499], true), ([500], false), ([4000], false),
            ([100, 3000], true), ([100, 4000], false),
            // One that took long by chance is forgotten, and so is one that did not.
            ([100, 4000] + [Int64](repeating: 100, count: 10), true),
            ([Int64](repeating: 4000, count: 30) + [100], false),
            ([Int64](repeating: 4000, count: 30) + [Int64](repeating: 100, count: 20), true),
        ] as [([Int64], Bool)])
    func times(times: [Int64], isHere: Bool) {
        #expect(Self.isHere(after: times) == isHere)
    }

    /// On a disk that takes its time.
    private static func isHere(after runs: [(FlushPlace.Company, Int)]) -> Bool {
        var place = FlushPlace()
        for (company, count) in runs {
            for _ in 0..<count { place.note(microseconds: 4000, company) }
        }
        return place.isHere
    }

    private static let alone = FlushPlace.aloneMin
    private static let unseen = FlushPlace.unseenMax

    @Test(
        "is the thread that has written on a slow disk, too, while one client asks alone",
        arguments: [
            ([(.none, alone - 1)], false), ([(.none, alone)], true), ([(.none, 1000)], true),
            // Somebody else begins anew.
            ([(.none, 1000), (.others, 1)], false),
            ([(.none, 1000), (.others, 1), (.none, alone - 1)], false),
            ([(.none, 1000), (.others, 1), (.none, alone)], true),
            // It is looked at again after so many, and one look is enough.
            ([(.none, alone), (.unseen, unseen - 1)], true),
            ([(.none, alone), (.unseen, unseen)], false),
            ([(.none, alone), (.unseen, unseen), (.none, 1)], true),
            ([(.none, alone), (.unseen, unseen), (.others, 1)], false),
            // What nobody saw shows nothing.
            ([(.unseen, 1000)], false),
            ([(.none, alone - 1), (.unseen, 1), (.none, 1)], true),
        ] as [([(FlushPlace.Company, Int)], Bool)])
    func company(runs: [(FlushPlace.Company, Int)], isHere: Bool) {
        #expect(Self.isHere(after: runs) == isHere)
    }
}
