// Shows that codes are those of RFC 4226 and RFC 6238, for dates beyond 2038 too.

import Secrets
import Testing

@testable import OneTimeCodes

@Suite struct VectorTests {
    /// The seed of both RFCs: ASCII digits in a row, as long as the hash.
    static func seed(_ count: Int) -> SecretBytes {
        SecretBytes((1...count).map { UInt8(ascii: "0") + UInt8($0 % 10) })
    }

    static func parameters(_ algorithm: CodeAlgorithm, _ digits: Int, _ period: Int) throws
        -> CodeParameters
    {
        try #require(CodeParameters(algorithm: algorithm, digits: digits, period: period))
    }

    /// RFC 4226, appendix D.
    static let hotp = [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
        "520489",
    ]

    @Test func counterBased() {
        for (counter, expected) in Self.hotp.enumerated() {
            let code = TOTP.code(
                secret: Self.seed(20), step: Int64(counter), parameters: .standard)
            #expect(code.text == expected, "counter \(counter)")
        }
    }

    /// RFC 4226 §5.4, and the same digest at other lengths of code.
    @Test(arguments: [(6, 872_921), (7, 7_872_921), (8, 57_872_921)] as [(Int, UInt32)])
    func truncates(_ digits: Int, _ expected: UInt32) {
        let digest: [UInt8] = [
            0x1f, 0x86, 0x98, 0x69, 0x0e, 0x02, 0xca, 0x16, 0x61, 0x85, 0x50, 0xef, 0x7f, 0x19,
            0xda, 0x8e, 0x94, 0x5b, 0x55, 0x5a,
        ]
        #expect(digest.withUnsafeBytes { HOTP.truncate($0, digits: digits) } == expected)
    }

    @Test("truncation reaches every offset and drops the sign")
    func truncatesEverywhere() {
        for offset in 0..<16 {
            var digest = [UInt8](repeating: 0, count: 20)
            for index in 0..<4 { digest[offset + index] = 0xff }
            // The last byte may be the end of the word itself, at offset 15 or less it never is.
            digest[19] = UInt8(0xf0 | offset)
            let value = digest.withUnsafeBytes { HOTP.truncate($0, digits: 8) }
            #expect(value == 0x7fff_ffff % 100_000_000, "offset \(offset)")
        }
    }

    struct Row: Sendable {
        let time: Int64
        let sha1: String
        let sha256: String
        let sha512: String

        init(_ time: Int64, _ sha1: String, _ sha256: String, _ sha512: String) {
            (self.time, self.sha1, self.sha256, self.sha512) = (time, sha1, sha256, sha512)
        }

        func code(_ algorithm: CodeAlgorithm) -> String {
            switch algorithm {
            case .sha1: return sha1
            case .sha256: return sha256
            case .sha512: return sha512
            }
        }
    }

    /// RFC 6238, appendix B; the seeds of erratum 2866. The last is the year 2603.
    static let totp = [
        Row(59, "94287082", "46119246", "90693936"),
        Row(1_111_111_109, "07081804", "68084774", "25091201"),
        Row(1_111_111_111, "14050471", "67062674", "99943326"),
        Row(1_234_567_890, "89005924", "91819424", "93441116"),
        Row(2_000_000_000, "69279037", "90698825", "38618901"),
        Row(20_000_000_000, "65353130", "77737706", "47863826"),
    ]

    @Test(arguments: totp, CodeAlgorithm.allCases)
    func timeBased(_ row: Row, _ algorithm: CodeAlgorithm) throws {
        let parameters = try Self.parameters(algorithm, 8, 30)
        let step = TOTP.step(at: row.time, period: 30)
        let secret = Self.seed(algorithm.secretBytes)
        let code = TOTP.code(secret: secret, step: step, parameters: parameters)
        #expect(code.text == row.code(algorithm))
        let found = TOTP.newestMatch(
            of: code, secret: secret, parameters: parameters, around: step, window: 1)
        #expect(found == step)

        // Fewer digits are the last of the eight (RFC 4226 §5.3).
        for digits in 6...7 {
            let shorter = TOTP.code(
                secret: secret, step: step,
                parameters: try Self.parameters(algorithm, digits, 30))
            #expect(shorter.text == String(row.code(algorithm).suffix(digits)))
        }
    }

    /// 2040-01-01T00:00:00Z: oathtool --totp=SHA --now=@2208988800 -d 8 -b GEZDGNBV… (20 bytes).
    @Test(
        arguments: [
            (.sha1, "24748805"), (.sha256, "42190333"), (.sha512, "33546381"),
        ] as [(CodeAlgorithm, String)])
    func year2040(_ algorithm: CodeAlgorithm, _ expected: String) throws {
        let step = TOTP.step(at: 2_208_988_800, period: 30)
        let code = TOTP.code(
            secret: Self.seed(20), step: step, parameters: try Self.parameters(algorithm, 8, 30))
        #expect(code.text == expected)
        #expect(step > Int64(Int32.max) / 30)
    }

    @Test("a step holds its first second and not the one after its last", arguments: [15, 30, 60])
    func steps(_ period: Int) {
        for step in [-3, -2, -1, 0, 1, 2, 70_000_000, 5_000_000_000] as [Int64] {
            let first = step * Int64(period)
            #expect(TOTP.step(at: first - 1, period: period) == step - 1)
            #expect(TOTP.step(at: first, period: period) == step)
            #expect(TOTP.step(at: first + 1, period: period) == step)
            #expect(TOTP.step(at: first + Int64(period) - 1, period: period) == step)
            #expect(TOTP.step(at: first + Int64(period), period: period) == step + 1)
        }
    }

    @Test func theEndsOfTime() {
        #expect(TOTP.step(at: .max, period: 15) == 614_891_469_123_651_720)
        #expect(TOTP.step(at: .min, period: 15) == -614_891_469_123_651_721)
        #expect(TOTP.step(at: -1, period: 60) == -1)
        #expect(TOTP.step(at: -60, period: 60) == -1)
        #expect(TOTP.step(at: -61, period: 60) == -2)
    }

    @Test func parametersKeepToTheLimits() {
        for digits in 0...12 {
            let made = CodeParameters(algorithm: .sha1, digits: digits, period: 30)
            #expect((made != nil) == (6...8).contains(digits), "\(digits) digits")
        }
        for period in [-30, 0, 1, 14, 15, 16, 30, 59, 60, 61, 3_600] {
            let made = CodeParameters(algorithm: .sha1, digits: 6, period: period)
            #expect((made != nil) == (15...60).contains(period), "a period of \(period)")
        }
        #expect(CodeParameters.standard == CodeParameters(algorithm: .sha1, digits: 6, period: 30))
    }

    @Test func algorithmsHaveNames() {
        #expect(CodeAlgorithm.allCases.map(\.name) == ["SHA1", "SHA256", "SHA512"])
        #expect(CodeAlgorithm.allCases.map(\.rawValue) == [1, 2, 3])
        #expect(CodeAlgorithm.allCases.map(\.secretBytes) == [20, 32, 64])
        for algorithm in CodeAlgorithm.allCases {
            #expect(CodeAlgorithm(name: algorithm.name) == algorithm)
        }
        for name in ["", "sha1", "SHA-1", "SHA224", "SHA1 ", "MD5"] {
            #expect(CodeAlgorithm(name: name) == nil)
        }
    }
}
