// Bytes as groups of five or six bits, the first bits first: what Base32 and Base64 write as one
// character each (RFC 4648).

import Secrets

enum BitGroups {
    static func text(
        _ bytes: UnsafeRawBufferPointer, of bits: Int, in alphabet: [UInt8]
    ) -> String {
        let length = (bytes.count * 8 + bits - 1) / bits
        return String(unsafeUninitializedCapacity: length) { output in
            for index in 0..<length { output[index] = alphabet[group(bytes, of: bits, index)] }
            return length
        }
    }

    /// The bits at `bits * index`, with zeros past the end.
    private static func group(
        _ bytes: UnsafeRawBufferPointer, of bits: Int, _ index: Int
    ) -> Int {
        let bit = bits * index
        let high = Int(bytes[bit / 8]) << 8
        let low = bit / 8 + 1 < bytes.count ? Int(bytes[bit / 8 + 1]) : 0
        return (high | low) >> (16 - bits - bit % 8) & (1 << bits - 1)
    }

    /// The whole bytes that groups make. Bits that are left over at the end are dropped.
    static func bytes(_ groups: [UInt8], of bits: Int) -> SecretBytes {
        SecretBytes(count: groups.count * bits / 8) { output in
            var (buffer, held, index) = (UInt32(0), 0, 0)
            for group in groups {
                buffer = buffer << UInt32(bits) | UInt32(group)
                held += bits
                if held >= 8 {
                    held -= 8
                    output[index] = UInt8(truncatingIfNeeded: buffer >> UInt32(held))
                    index += 1
                }
            }
        }
    }
}
