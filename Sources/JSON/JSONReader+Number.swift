// Numbers: only integers of 64 bits. A number that does not fit exactly is refused, and none is
// rounded.

extension JSONReader {
    /// Reads from the first digit or the minus, which the caller has seen.
    ///
    /// Minus zero is refused: it is no integer, other readers make it the fraction -0.0, and what
    /// two readers understand differently has no place in a request.
    mutating func integer() throws(JSONFault) -> Int64 {
        let start = position
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }

        let firstDigit = try peek()
        guard Self.isDigit(firstDigit) else { throw fault(.unexpectedByte) }
        let digitsStart = position
        let magnitude = digits()
        let isLong = position - digitsStart > 1
        guard firstDigit != UInt8(ascii: "0") || !isLong else {
            throw JSONFault(reason: .leadingZero, offset: start)
        }
        try refuseFractionAndExponent()

        guard let magnitude else { throw JSONFault(reason: .integerOutOfRange, offset: start) }
        guard isNegative else {
            guard let value = Int64(exactly: magnitude) else {
                throw JSONFault(reason: .integerOutOfRange, offset: start)
            }
            return value
        }
        guard magnitude > 0 else { throw JSONFault(reason: .negativeZero, offset: start) }
        guard magnitude <= Int64.min.magnitude else {
            throw JSONFault(reason: .integerOutOfRange, offset: start)
        }
        return Int64(truncatingIfNeeded: 0 &- magnitude)
    }

    /// Passes all digits. Nil when they are more than 64 bits hold.
    private mutating func digits() -> UInt64? {
        var fits = true
        var sum: UInt64 = 0
        while position < bytes.count, Self.isDigit(bytes[position]) {
            let (shifted, overflowed) = sum.multipliedReportingOverflow(by: 10)
            let digit = UInt64(bytes[position] &- UInt8(ascii: "0"))
            let (next, overflowedAgain) = shifted.addingReportingOverflow(digit)
            fits = fits && !overflowed && !overflowedAgain
            sum = next
            position += 1
        }
        return fits ? sum : nil
    }

    private func refuseFractionAndExponent() throws(JSONFault) {
        guard position < bytes.count else { return }
        switch bytes[position] {
        case UInt8(ascii: "."): throw fault(.fraction)
        case UInt8(ascii: "e"), UInt8(ascii: "E"): throw fault(.exponent)
        default: return  // No byte of a number: whoever reads on judges it.
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }
}
