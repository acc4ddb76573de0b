// Base32 (RFC 4648 §6), the form in which people and QR codes carry a secret. It decodes straight
// into `SecretBytes`, since an ordinary array would not be wiped.

import Secrets

package enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// Encodes without padding, as the otpauth key URI asks.
    package static func encode(_ secret: SecretBytes) -> String {
        secret.withBytes { encode($0) }
    }

    static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        BitGroups.text(bytes, of: 5, in: alphabet)
    }

    /// Decodes what a person may have copied: either case, with spaces, hyphens and padding.
    ///
    /// Bits left over at the end are dropped (RFC 4648 §3.5 leaves it to the decoder, and there are
    /// secrets in use that were drawn as letters). Returns nil for any other character, a length
    /// that no number of bytes encodes to, and for nothing at all.
    package static func decode(_ text: String) -> SecretBytes? {
        var quintets: [UInt8] = []
        defer { quintets.wipe() }
        quintets.reserveCapacity(text.utf8.count)
        var padding = 0
        for character in text.utf8 {
            switch character {
            case UInt8(ascii: " "), UInt8(ascii: "-"): continue
            case UInt8(ascii: "="): padding += 1
            default:
                guard padding == 0, let value = value(character) else { return nil }
                quintets.append(value)
            }
        }
        guard padding <= 6, ![1, 3, 6].contains(quintets.count % 8), !quintets.isEmpty else {
            return nil
        }
        return BitGroups.bytes(quintets, of: 5)
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return character - UInt8(ascii: "a")
        case UInt8(ascii: "2")...UInt8(ascii: "7"): return character - UInt8(ascii: "2") + 26
        default: return nil  // Not of the alphabet (RFC 4648 §6).
        }
    }
}
