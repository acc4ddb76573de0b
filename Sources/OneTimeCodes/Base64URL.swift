// Base64 for addresses and cookies (RFC 4648 §5), without padding. It accepts one spelling for each
// run of bytes.

import Secrets

package enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// How long the text of so many bytes is.
    package static func textBytes(_ count: Int) -> Int { (count * 8 + 5) / 6 }

    package static func encode(_ secret: SecretBytes) -> String {
        secret.withBytes { encode($0) }
    }

    package static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        BitGroups.text(bytes, of: 6, in: alphabet)
    }

    /// The bytes of a text that is exactly as `encode` writes it; nil for any other, and for none.
    package static func decode(_ text: Substring) -> SecretBytes? {
        var sextets: [UInt8] = []
        defer { sextets.wipe() }
        sextets.reserveCapacity(text.utf8.count)
        for character in text.utf8 {
            guard let value = value(character) else { return nil }
            sextets.append(value)
        }
        let spare = sextets.count * 6 % 8
        // Bits left over are zero, and never a whole character.
        guard let last = sextets.last, spare < 6, last & (1 << UInt8(spare) - 1) == 0 else {
            return nil
        }
        return BitGroups.bytes(sextets, of: 6)
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-"): return 62
        case UInt8(ascii: "_"): return 63
        default: return nil  // Not of the alphabet (RFC 4648 §5).
        }
    }
}
