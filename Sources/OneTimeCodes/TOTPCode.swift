// A TOTP code as a value: its digits, never its text. It prints as <code>.

/// Between six and eight ASCII digits. The number of digits is part of the code: `012345` is not
/// `12345`.
package struct TOTPCode: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    package let value: UInt32
    package let digits: Int

    package init(value: UInt32, digits: Int) {
        self.value = value
        self.digits = digits
    }

    /// Reads bytes that are all ASCII digits; nil for anything else.
    init?(_ bytes: some Sequence<UInt8>) {
        var value: UInt32 = 0
        var digits = 0
        for byte in bytes {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"),
                digits < CodeParameters.digitsRange.upperBound
            else { return nil }
            value = value * 10 + UInt32(byte - UInt8(ascii: "0"))
            digits += 1
        }
        guard CodeParameters.digitsRange.contains(digits) else { return nil }
        self.init(value: value, digits: digits)
    }

    package var description: String { "<code>" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The digits themselves, for a client's side and for hashing.
    package var text: String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, self.digits - digits.utf8.count)) + digits
    }
}
