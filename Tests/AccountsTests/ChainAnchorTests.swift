// An anchor is read as it is written, and as nothing else.

import Testing

@testable import Accounts

@Suite("An anchor")
struct ChainAnchorTests {
    private static let digits = String(repeating: "0f", count: 32)

    @Test("is read as it is written", arguments: [1, 4711, UInt64.max])
    func roundTrip(_ sequence: UInt64) throws {
        let anchor = ChainAnchor(
            sequence: sequence, hash: [UInt8](repeating: 15, count: ChainAnchor.hashBytes))
        #expect("\(anchor)" == "\(sequence):\(Self.digits)")
        #expect(ChainAnchor("\(anchor)") == anchor)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", ":", "1", "1:", ":\(digits)", "1:\(digits)0", "1:\(digits.dropLast())",
            "1:\(digits.dropLast())g", "01:\(digits)", "+1:\(digits)", "-1:\(digits)",
            " 1:\(digits)", "1:\(digits):", "18446744073709551616:\(digits)", "1;\(digits)",
        ])
    func others(_ text: String) {
        #expect(ChainAnchor(text) == nil)
    }
}
