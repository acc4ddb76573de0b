// Base64 as RFC 4648 §5 has it: its vectors without padding, and no second spelling of anything.

import Secrets
import Testing

@testable import OneTimeCodes

@Suite struct Base64URLTests {
    /// RFC 4648 §10, and the bytes that need the two characters of its own.
    static let vectors: [([UInt8], String)] = [
        (Array("f".utf8), "Zg"), (Array("fo".utf8), "Zm8"), (Array("foo".utf8), "Zm9v"),
        (Array("foob".utf8), "Zm9vYg"), (Array("fooba".utf8), "Zm9vYmE"),
        (Array("foobar".utf8), "Zm9vYmFy"), ([0xfb, 0xff, 0xbf], "-_-_"), ([0], "AA"),
    ]

    @Test(arguments: vectors) func isAsInTheRFC(_ bytes: [UInt8], _ text: String) {
        let secret = SecretBytes(bytes)
        #expect(Base64URL.encode(secret) == text)
        #expect(Base64URL.decode(text[...]) == secret)
        #expect(Base64URL.textBytes(bytes.count) == text.utf8.count)
    }

    @Test(
        "other spellings, and what is none",
        arguments: [
            "", "A", "Zh", "Zm9", "Zg==", "Zg=", "+/+/", "Zm 8", "Zm8\n", "Zm9vY", "Zé", "Z\0",
        ])
    func noText(_ text: String) {
        #expect(Base64URL.decode(text[...]) == nil)
    }
}
