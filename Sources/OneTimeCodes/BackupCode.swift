// A backup code: 65 random bits in Crockford's base32, for when the phone is lost. All spellings of
// a code have one canonical form.

import Secrets

package struct BackupCode: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// 13 characters of five bits are 65 bits; NIST SP 800-63B-4 §4.2.1.1 asks for 64.
    package static let length = 13
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// Thirteen lower-case characters, without hyphens: what is hashed.
    package let canonical: String

    package static func random() -> BackupCode {
        var draw = Randomness.bytes(length)
        defer { draw.wipe() }
        let canonical = String(unsafeUninitializedCapacity: length) { output in
            for index in 0..<length { output[index] = alphabet[Int(draw[index] & 31)] }
            return length
        }
        return BackupCode(canonical: canonical)
    }

    private init(canonical: String) { self.canonical = canonical }

    /// Reads thirteen ASCII characters of either case; O is read as 0, and I and L as 1.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        var folded: [UInt8] = []
        for byte in bytes {
            guard let character = Self.fold(byte) else { return nil }
            folded.append(character)
        }
        canonical = String(decoding: folded, as: UTF8.self)
    }

    private static func fold(_ byte: UInt8) -> UInt8? {
        let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
        switch isCapital ? byte | 0x20 : byte {
        case UInt8(ascii: "o"): return UInt8(ascii: "0")
        case UInt8(ascii: "i"), UInt8(ascii: "l"): return UInt8(ascii: "1")
        case let lower: return alphabet.contains(lower) ? lower : nil
        }
    }

    /// As people see it: `xxxx-xxxx-xxxxx`.
    package var text: String {
        let characters = Array(canonical.utf8)
        let groups = [characters[..<4], characters[4..<8], characters[8...]]
        return groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
    }

    package var description: String { "<code>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
