// Secrets of less than 16 bytes, as older sites have them: refused unless whoever imports says
// otherwise.

import Accounts
import Testing

@testable import AccountLists

@Suite("Short secrets in lists")
struct ShortSecretTests {
    /// Of 10, 15, 16 and 9 bytes.
    private static let secrets = [
        "GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBV", "GEZDGNBVGY3TQOJQGEZDGNBVGY",
        "GEZDGNBVGY3TQOI",
    ]

    private static let lists: [(ListFormat, String)] = [
        (.csv, "user,secret\n" + secrets.map { "u\($0.count),\($0)\n" }.joined()),
        (.otpauth, secrets.map { "u\($0.count) otpauth://totp/x?secret=\($0)\n" }.joined()),
        (
            .ndjson,
            secrets.prefix(3).map { "{\"user\":\"u\($0.count)\",\"secret\":\"\($0)\"}\n" }.joined()
        ),
    ]

    @Test("come in when that is allowed", arguments: lists)
    func allowed(_ format: ListFormat, _ text: String) throws {
        for allowsShort in [false, true] {
            var isIn: [Bool] = []
            var faults: [String] = []
            try AccountList.read(
                text, as: format, at: Instant(seconds: 1_800_000_000), allowsShort: allowsShort
            ) { row in
                switch row.account {
                case .success: isIn.append(true)
                case .failure(let fault):
                    isIn.append(false)
                    faults.append(fault.description)
                }
            }
            let expected = allowsShort ? [true, true, true, false] : [false, false, true, false]
            #expect(isIn == Array(expected.prefix(isIn.count)) && isIn.count >= 3)
            #expect(faults.allSatisfy { $0.hasPrefix("secret: it has ") })
        }
    }
}
