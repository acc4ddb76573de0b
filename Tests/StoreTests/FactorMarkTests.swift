// The mark of a factor record is what it always was, and another one for each other record.

import SeededRandom
import Testing

@testable import Store

@Suite("The mark of a factor record")
struct FactorMarkTests {
    private func mark(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { FactorMark(of: $0).rawValue }
    }

    /// By Python, as the comment in FactorMark.swift says.
    @Test("is on disk, and stays")
    func known() {
        #expect(mark([]) == 0x9e3779b97f4a7c15)
        #expect(mark([1]) == 0x4d0a2bbe78b92ab1)
        #expect(mark(Array("12345678".utf8)) == 0x6943be178776e153)
        #expect(mark((0..<100).map { UInt8($0) }) == 0x99367e3541c67db9)
    }

    @Test("differs for each bit, each length, and none is that of no record")
    func differs() {
        var random = SeededGenerator(seed: 11)
        let record = (0..<93).map { _ in UInt8.random(in: 0...255, using: &random) }
        var seen: Set<UInt64> = [FactorMark.none.rawValue]
        for count in 0...record.count {
            #expect(seen.insert(mark(Array(record.prefix(count)))).inserted)
            #expect(seen.insert(mark([UInt8](repeating: 0, count: count + 1))).inserted)
        }
        for bit in 0..<8 * record.count {
            var other = record
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(seen.insert(mark(other)).inserted, "bit \(bit)")
        }
    }
}
