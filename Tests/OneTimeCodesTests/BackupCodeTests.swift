// Shows that backup codes are drawn from the whole of their alphabet and read as they are shown.

import Testing

@testable import OneTimeCodes

@Suite struct BackupCodeTests {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let draws = 100_000

    /// A fair draw passes all bounds but once in more than 10⁹ runs: they lie seven standard
    /// deviations above what chi squared is on average.
    @Test("a hundred thousand are all different, and use each letter in each place alike")
    func draw() {
        var seen = Set<String>()
        var counts = [[Int]](
            repeating: [Int](repeating: 0, count: 256), count: BackupCode.length)
        for _ in 0..<Self.draws {
            let code = BackupCode.random().canonical
            seen.insert(code)
            for (place, letter) in code.utf8.enumerated() { counts[place][Int(letter)] += 1 }
        }
        #expect(seen.count == Self.draws)

        let inAlphabet = counts.map { row in Self.alphabet.map { row[Int($0)] } }
        #expect(inAlphabet.allSatisfy { $0.reduce(0, +) == Self.draws })
        for (place, row) in inAlphabet.enumerated() {
            let statistic = chiSquared(row)
            #expect(statistic < 31 + 7 * 7.9, "place \(place): \(statistic)")
            #expect(statistic > 0)
        }
        let total = Self.alphabet.indices.map { letter in
            inAlphabet.reduce(0) { $0 + $1[letter] }
        }
        #expect(chiSquared(total) < 31 + 7 * 7.9)
    }

    @Test("the measure of evenness sees a letter that is missing")
    func measure() {
        var counts = [Int](repeating: 3_125, count: 32)
        #expect(chiSquared(counts) == 0)
        counts[0] = 0
        #expect(chiSquared(counts) > 1_000)
    }

    @Test func readAsShown() {
        for _ in 0..<1_000 {
            let code = BackupCode.random()
            #expect(code.canonical.utf8.count == 13)
            #expect(code.text.utf8.count == 15)
            for text in [
                code.text, code.canonical, code.text.uppercased(),
                code.text.replacing("0", with: "o").replacing("1", with: "l"),
                code.text.replacing("0", with: "O").replacing("1", with: "I"),
            ] {
                #expect(SubmittedCode(text) == .backup(code))
            }
        }
    }

    @Test("65 bits, as NIST's 64 and more ask")
    func entropy() {
        #expect(BackupCode.length * 5 == 65)
        #expect(Set(Self.alphabet).count == 32)
    }

    private func chiSquared(_ counts: [Int]) -> Double {
        let expected = Double(counts.reduce(0, +)) / Double(counts.count)
        return counts.reduce(0) { sum, count in
            sum + (Double(count) - expected) * (Double(count) - expected) / expected
        }
    }
}
