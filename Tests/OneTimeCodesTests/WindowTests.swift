// Shows to which steps of a window a code belongs, to the second (CVE-2024-7318: codes that were
// good for one period too long).

import Secrets
import Testing

@testable import OneTimeCodes

@Suite struct WindowTests {
    static let secret = VectorTests.seed(20)

    @Test("one step either side, to the second", arguments: [15, 30, 60])
    func edges(_ period: Int) throws {
        let parameters = try VectorTests.parameters(.sha1, 6, period)
        let step: Int64 = 30_000_000
        let code = TOTP.code(secret: Self.secret, step: step, parameters: parameters)
        let began = step * Int64(period)
        let length = Int64(period)
        let table: [(offset: Int64, isGood: Bool)] = [
            (-2 * length, false), (-length - 1, false), (-length, true), (-length + 1, true),
            (-1, true), (0, true), (1, true), (length - 1, true), (length, true),
            (length + 1, true), (2 * length - 1, true), (2 * length, false),
            (2 * length + 1, false), (3 * length, false),
        ]
        for (offset, isGood) in table {
            let found = match(code, parameters, at: began + offset, window: 1)
            #expect(found == (isGood ? step : nil), "\(offset) s from the beginning of the step")
        }
    }

    @Test("a window of none is the step alone")
    func noWindow() {
        let code = TOTP.code(secret: Self.secret, step: 100, parameters: .standard)
        for (time, isGood) in [(2_999, false), (3_000, true), (3_029, true), (3_030, false)] {
            let found = match(code, .standard, at: Int64(time), window: 0)
            #expect(found == (isGood ? 100 : nil), "at \(time)")
        }
    }

    @Test("every step of a wider window", arguments: [0, 1, 2, 5, 10])
    func wider(_ window: Int) {
        let center: Int64 = 60_000_000
        for distance in -12...12 {
            let step = center + Int64(distance)
            let code = TOTP.code(secret: Self.secret, step: step, parameters: .standard)
            let found = TOTP.newestMatch(
                of: code, secret: Self.secret, parameters: .standard, around: center,
                window: window)
            #expect(found == (abs(distance) <= window ? step : nil), "\(distance) away")
        }
    }

    @Test("before 1970 too")
    func negativeTimes() {
        let code = TOTP.code(secret: Self.secret, step: -1, parameters: .standard)
        #expect(match(code, .standard, at: -1, window: 0) == -1)
        #expect(match(code, .standard, at: -30, window: 0) == -1)
        #expect(match(code, .standard, at: -31, window: 0) == nil)
        #expect(match(code, .standard, at: 0, window: 1) == -1)
        #expect(match(code, .standard, at: 30, window: 1) == nil)
    }

    /// Found by search among the steps of the RFC's seed: two steps with one code.
    @Test("of two steps with the same code the newest is meant")
    func newest() {
        let near: (first: Int64, second: Int64, code: UInt32) = (
            62_075_368, 62_075_368 + 1, 235_522
        )
        let far: (first: Int64, second: Int64, code: UInt32) = (61_331_809, 61_331_809 + 2, 768_734)
        for pair in [near, far] {
            let code = TOTPCode(value: pair.code, digits: 6)
            for step in [pair.first, pair.second] {
                let made = TOTP.code(secret: Self.secret, step: step, parameters: .standard)
                #expect(made == code)
            }
            for center in (pair.first - 2)...(pair.second + 2) {
                let window = (center - 1)...(center + 1)
                let expected = [pair.second, pair.first].first { window.contains($0) }
                let found = TOTP.newestMatch(
                    of: code, secret: Self.secret, parameters: .standard, around: center,
                    window: 1)
                #expect(found == expected, "around \(center)")
            }
        }
    }

    @Test("the same number with another count of digits is another code")
    func otherLengths() throws {
        var compared = 0
        for step in 0..<3_000 as Range<Int64> {
            let eight = try VectorTests.parameters(.sha1, 8, 30)
            let code = TOTP.code(secret: Self.secret, step: step, parameters: eight)
            guard code.value < 10_000_000 else { continue }
            compared += 1
            let shorter = TOTPCode(value: code.value, digits: 7)
            let found = TOTP.newestMatch(
                of: shorter, secret: Self.secret, parameters: eight, around: step, window: 1)
            #expect(found == nil)
        }
        #expect(compared > 100)
    }

    @Test("another secret, algorithm or digit is another code")
    func neighbours() throws {
        let step: Int64 = 60_000_000
        let code = TOTP.code(secret: Self.secret, step: step, parameters: .standard)
        let parameters = try VectorTests.parameters(.sha256, 6, 30)
        #expect(match(code, parameters, at: step * 30, window: 1) == nil)
        for difference in [1, 10, 100, 1_000, 10_000, 100_000] as [UInt32] {
            let other = TOTPCode(value: (code.value + difference) % 1_000_000, digits: 6)
            #expect(match(other, .standard, at: step * 30, window: 1) == nil)
        }
        let found = TOTP.newestMatch(
            of: code, secret: VectorTests.seed(21), parameters: .standard, around: step, window: 1)
        #expect(found == nil)
    }

    private func match(
        _ code: TOTPCode, _ parameters: CodeParameters, at time: Int64, window: Int
    ) -> Int64? {
        TOTP.newestMatch(
            of: code, secret: Self.secret, parameters: parameters,
            around: TOTP.step(at: time, period: parameters.period), window: window)
    }
}
