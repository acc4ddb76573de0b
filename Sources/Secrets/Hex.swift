// Hexadecimal, for keys in files and for hashes that people compare. Capitals are accepted too.

package enum Hex {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            text.unicodeScalars.append(digit(byte >> 4))
            text.unicodeScalars.append(digit(byte & 15))
        }
        return text
    }

    private static func digit(_ nibble: UInt8) -> Unicode.Scalar {
        Unicode.Scalar(nibble < 10 ? 48 + nibble : 87 + nibble)
    }

    /// The value of one hexadecimal digit, or nil.
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return digit - UInt8(ascii: "A") + 10
        default: return nil  // No hexadecimal digit.
        }
    }

    /// Decodes into `output`, or returns false and leaves it half written.
    package static func decode(
        _ digits: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard digits.count == 2 * output.count else { return false }
        for index in 0..<output.count {
            guard let high = value(digits[2 * index]), let low = value(digits[2 * index + 1])
            else { return false }
            output[index] = high << 4 | low
        }
        return true
    }
}
