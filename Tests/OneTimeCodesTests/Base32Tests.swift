// Shows base32 as RFC 4648 publishes it, and what a person's copy of it may look like.

import Secrets
import Testing

@testable import OneTimeCodes

@Suite struct Base32Tests {
    /// RFC 4648 §10, without the padding.
    static let vectors = [
        ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"),
        ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
    ]

    @Test(arguments: vectors) func asPublished(_ text: String, _ encoded: String) {
        #expect(Base32.encode(SecretBytes(text.utf8)) == encoded)
        #expect(Base32.decode(encoded) == SecretBytes(text.utf8))
    }

    @Test func nothingEncodesToNothing() {
        #expect(Base32.encode(UnsafeRawBufferPointer(start: nil, count: 0)) == "")
    }

    @Test(
        "what a person may have copied",
        arguments: [
            "mzxw6ytboi", "MZXW6YTBOI", "MzXw6YtBoI", "MZXW 6YTB OI", "mzxw-6ytb-oi",
            " MZXW6YTBOI ", "--MZXW6YTBOI--", "MZXW6YTBOI======", "MZXW6YTBOI = = = = = =",
            "MZXW6YTBOI=", "M Z X W 6 Y T B O I",
            // The last letter's two bits are no part of any byte.
            "MZXW6YTBOJ", "MZXW6YTBOK", "MZXW6YTBOL",
        ])
    func readsCopies(_ text: String) {
        #expect(Base32.decode(text) == SecretBytes("foobar".utf8))
    }

    @Test(
        "what is no base32",
        arguments: [
            "", " ", "-", "=", "======", " = ", "M", "MZX", "MZXW6Y", "MZXW6YTBO",
            "MZXW6YTB0I", "MZXW6YTB1I", "MZXW6YTB8I", "MZXW6YTB9I", "MZXW6YTBOI=======",
            "MZXW=6YTBOI", "=MZXW6YTBOI", "MZXW6YTBOI=A", "MZXW6YTBOI\n", "MZXW6YTBOI\t",
            "MZXW\u{A0}6YTBOI", "MZXW6YTBOÍ", "ＭＺＸＷ６ＹＴＢＯＩ", "MZXW6YTBO\u{131}", "MZXW6YTB+I",
            "MZXW_6YTBOI", "MZXW6YTBOI\0", "MZXW.6YTBOI",
        ])
    func refusesTheRest(_ text: String) {
        #expect(Base32.decode(text) == nil)
    }

    @Test func everyByteAloneAndInItsPlace() {
        let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567 -=".utf8)
        for byte in UInt8.min...UInt8.max where byte < 0x80 {
            let text = String(decoding: Array("MZXW6YTB".utf8) + [byte], as: UTF8.self)
            let isReadable =
                byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "=")
            #expect((Base32.decode(text) != nil) == isReadable, "byte \(byte)")
            let two = text + "A"
            let isLetter = letters.contains(byte) && !isReadable
            #expect((Base32.decode(two) != nil) == isLetter, "byte \(byte) of two")
        }
    }

    @Test func roundTrips() {
        for count in 1...130 {
            for secret in [
                Randomness.secret(count), SecretBytes([UInt8](repeating: 0, count: count)),
                SecretBytes([UInt8](repeating: 0xff, count: count)),
            ] {
                let text = Base32.encode(secret)
                #expect(text.utf8.count == (count * 8 + 4) / 5)
                #expect(!text.contains("="))
                #expect(Base32.decode(text) == secret)
                #expect(Base32.decode(text.lowercased()) == secret)
            }
        }
    }
}
