// A known browser's token: what is taken for one, and what is kept of it.

import Secrets
import Testing

@testable import Accounts

@Suite("A known browser's token") struct BrowserTokenTests {
    private static let token = BrowserToken(SecretBytes([UInt8](1...24)))

    @Test("is 32 letters and digits that come back")
    func text() {
        #expect(Self.token.text.utf8.count == 32)
        #expect(BrowserToken(Self.token.text) == Self.token)
    }

    @Test(
        "is no other text",
        arguments: [
            "", "A", String(repeating: "A", count: 31), String(repeating: "A", count: 33),
            String(repeating: "=", count: 32), String(repeating: "é", count: 16),
        ])
    func otherText(_ text: String) {
        #expect(BrowserToken(text) == nil)
    }

    @Test("is kept as its number and 128 bits of a hash, which each bit of it changes")
    func proof() {
        let proof = Self.token.proof
        #expect(proof.id == BrowserID(rawValue: 0x0102_0304_0506_0708))
        #expect(proof.digest.count == 16)
        for bit in 0..<192 {
            var bytes = [UInt8](1...24)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(BrowserToken(SecretBytes(bytes)).proof.digest != proof.digest)
        }
    }
}
