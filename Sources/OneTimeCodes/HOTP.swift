// HOTP (RFC 4226): from a keyed hash to a few digits. Keep it free of branches on the digest's
// bytes: their time would tell something of the code.

import Secrets

enum HOTP {
    /// Dynamic truncation (RFC 4226 §5.3), then the last `digits` decimal digits.
    static func truncate(_ digest: UnsafeRawBufferPointer, digits: Int) -> UInt32 {
        let offset = Int(digest[digest.count - 1] & 0x0f)
        let word = digest.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return (UInt32(bigEndian: word) & 0x7fff_ffff) % modulus(digits)
    }

    private static func modulus(_ digits: Int) -> UInt32 {
        var modulus: UInt32 = 1
        for _ in 0..<digits { modulus *= 10 }
        return modulus
    }
}
