// The table of what is in the log: what goes in comes out, and a range of it is in order and misses
// nothing, also where ids crowd at one place or at the table's end.

import Accounts
import SeededRandom
import Testing

@testable import LMDBStore

@Suite("The table of places")
struct LogIndexTests {
    private static func place(_ number: Int) -> RecordPlaces {
        RecordPlaces(factor: LogPlace(offset: UInt32(number + 1)))
    }

    /// Ids that are spread evenly, that crowd at the beginning, and at the end.
    enum Spread: CaseIterable {
        case even
        case first
        case last

        func id(_ random: inout SeededGenerator) -> RecordID {
            let high = UInt64.random(in: 0 ... .max, using: &random)
            let low = UInt64.random(in: 0...7, using: &random)
            switch self {
            case .even: return RecordID(high: high, low: low)
            case .first: return RecordID(high: high >> 58, low: low)
            case .last: return RecordID(high: ~(high >> 58), low: low)
            }
        }
    }

    /// Walks the whole table, so many at a time.
    private func walk(
        _ table: LogIndex, _ count: Int, where isWanted: (RecordPlaces) -> Bool = { _ in true }
    ) -> [RecordID] {
        var ids: [RecordID] = []
        var after: RecordID?
        for _ in 0..<100_000 {
            let range = table.range(after: after, count: count, where: isWanted)
            // What lies beyond the end may be there as well, and must come again.
            ids += range.ids.filter { id in range.end.map { id <= $0 } ?? true }
            guard let end = range.end else { return ids }
            #expect(after.map { $0 < end } ?? true)
            after = end
        }
        Issue.record("a walk without an end")
        return ids
    }

    @Test("gives every id once and in order", arguments: Spread.allCases, [1, 7, 64, 100_000])
    func walked(_ spread: Spread, _ count: Int) {
        for seed in 1...5 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            let table = LogIndex()
            var model: [RecordID: RecordPlaces] = [:]
            for number in 0..<(spread == .even ? 3000 : 300) {
                let id = spread.id(&random)
                table.update(id, Self.place(number))
                model[id, default: .none].update(Self.place(number))
            }
            #expect(table.count == model.count)
            #expect(model.allSatisfy { table[$0] == $1 }, "seed \(seed)")
            #expect(walk(table, count) == model.keys.sorted(), "seed \(seed)")
        }
    }

    @Test("passes over what is not wanted, in bounded steps")
    func sparse() {
        var random = SeededGenerator(seed: 1)
        let table = LogIndex()
        var wanted: [RecordID] = []
        for number in 0..<20_000 {
            let id = Spread.even.id(&random)
            let isWanted = number % 5000 == 0
            table.update(
                id,
                isWanted ? Self.place(number) : RecordPlaces(guard: LogPlace(offset: 1)))
            if isWanted { wanted.append(id) }
        }
        #expect(walk(table, 64) { $0.factor.isSomewhere } == wanted.sorted())
        let first = table.range(after: nil, count: 64) { _ in false }
        #expect(first.ids == [] && first.end != nil)
    }

    @Test("is visited whole, each id once, in steps of bounded length", arguments: [1, 64, 70_000])
    func visited(_ count: Int) {
        var random = SeededGenerator(seed: 2)
        // The larger is one with pages of its own.
        for size in [100, 60_000] {
            let table = LogIndex()
            var model: [RecordID: RecordPlaces] = [:]
            for number in 0..<size {
                let id = Spread.even.id(&random)
                table.update(id, Self.place(number))
                model[id] = Self.place(number)
            }
            var next: Int? = 0
            while let place = next {
                var visited = 0
                next = table.forEach(from: place) { id, places in
                    #expect(model.removeValue(forKey: id) == places)
                    visited += 1
                    return visited < count
                }
                #expect(visited <= count)
            }
            #expect(model.isEmpty)
            table.removeAll()
            table.forEach { _, _ in Issue.record("an entry of an empty table") }
        }
    }

    @Test("has nothing when it is empty, and room for as many as it is told")
    func empty() {
        let table = LogIndex()
        #expect(walk(table, 10) == [])
        table.reserve(100_000)
        #expect(walk(table, 10) == [] && table.count == 0)
        let id = RecordID(high: 1, low: 2)
        table.update(id, Self.place(0))
        #expect(table[id] == Self.place(0) && walk(table, 10) == [id])
    }
}
