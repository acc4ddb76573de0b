// Strings, for names and values. Ill-formed UTF-8 and half surrogate pairs are refused. Faults do
// not quote the text.

extension JSONReader {
    /// Reads from the opening quote to past the closing one.
    package mutating func string() throws(JSONFault) -> String {
        try expect(UInt8(ascii: "\""))
        let start = position
        try skipPlainText()
        guard bytes[position] == UInt8(ascii: "\"") else {
            return try stringWithEscapes(from: start)
        }
        let text = String(decoding: slice(from: start), as: UTF8.self)
        position += 1
        return text
    }

    /// What stands between the quotes, when nothing in it is escaped. Otherwise nil, and nothing
    /// is passed.
    package mutating func plainString() throws(JSONFault) -> UnsafeRawBufferPointer? {
        let quote = position
        try expect(UInt8(ascii: "\""))
        let start = position
        try skipPlainText()
        guard bytes[position] == UInt8(ascii: "\"") else {
            position = quote
            return nil
        }
        defer { position += 1 }
        return slice(from: start)
    }

    /// Passes what `string` reads.
    mutating func skipString() throws(JSONFault) {
        try expect(UInt8(ascii: "\""))
        try skipPlainText()
        while bytes[position] == UInt8(ascii: "\\") {
            _ = try escapedScalar()
            try skipPlainText()
        }
        position += 1
    }

    /// Reads on from the first backslash of a string that began at `start`.
    private mutating func stringWithEscapes(from start: Int) throws(JSONFault) -> String {
        var text = Array(slice(from: start))
        while bytes[position] == UInt8(ascii: "\\") {
            let scalar = try escapedScalar()
            text.append(contentsOf: scalar.utf8)
            let plainStart = position
            try skipPlainText()
            text.append(contentsOf: slice(from: plainStart))
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    private func slice(from start: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }
}

// MARK: - Plain text

extension JSONReader {
    /// Passes well-formed text up to the next quote or backslash, which is there on return.
    private mutating func skipPlainText() throws(JSONFault) {
        while true {
            skipPlainASCII()
            switch try peek() {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): return
            case ..<0x20: throw fault(.controlCharacter)
            case ..<0x80: position += 1
            default: try skipMultibyteScalar()
            }
        }
    }

    /// Passes text that needs no thought, eight bytes at a time. In each sum below a byte's top bit
    /// is set when the byte is special; a borrow can set it wrongly only above a byte that is
    /// special indeed, and the lowest is the one that counts.
    @inline(__always)
    private mutating func skipPlainASCII() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        while bytes.count - position >= 8 {
            let loaded = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let word = UInt64(littleEndian: loaded)
            let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let controls = (word &- ones &* 0x20) & ~word
            let special =
                (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | controls
                    | word) & tops
            guard special == 0 else {
                position += special.trailingZeroBitCount / 8
                return
            }
            position += 8
        }
    }

    /// Passes one scalar of two to four bytes, by the table of well-formed sequences (Unicode,
    /// table 3-7): the second byte's range is what refuses long forms, surrogates, and all past
    /// U+10FFFF.
    private mutating func skipMultibyteScalar() throws(JSONFault) {
        let second: ClosedRange<UInt8>
        let afterSecond: Int
        switch bytes[position] {
        case 0xC2...0xDF: (second, afterSecond) = (0x80...0xBF, 0)
        case 0xE0: (second, afterSecond) = (0xA0...0xBF, 1)
        case 0xED: (second, afterSecond) = (0x80...0x9F, 1)
        case 0xE1...0xEF: (second, afterSecond) = (0x80...0xBF, 1)
        case 0xF0: (second, afterSecond) = (0x90...0xBF, 2)
        case 0xF1...0xF3: (second, afterSecond) = (0x80...0xBF, 2)
        case 0xF4: (second, afterSecond) = (0x80...0x8F, 2)
        default: throw fault(.invalidUTF8)
        }
        position += 1
        try expectUTF8(second)
        for _ in 0..<afterSecond {
            try expectUTF8(0x80...0xBF)
        }
    }

    private mutating func expectUTF8(_ range: ClosedRange<UInt8>) throws(JSONFault) {
        guard range.contains(try peek()) else { throw fault(.invalidUTF8) }
        position += 1
    }
}

// MARK: - Escapes

extension JSONReader {
    /// Reads from the backslash.
    private mutating func escapedScalar() throws(JSONFault) -> Unicode.Scalar {
        let start = position
        position += 1
        let letter = try peek()
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(from: start)
        default: throw JSONFault(reason: .unknownEscape, offset: start)
        }
    }

    /// Reads from past the `\u`: four digits, or four and a second escape when they are the first
    /// half of a pair.
    private mutating func unicodeEscape(from start: Int) throws(JSONFault) -> Unicode.Scalar {
        let first = try hexadecimalDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }

        let lone = JSONFault(reason: .loneSurrogate, offset: start)
        guard UTF16.isLeadSurrogate(first), try peek() == UInt8(ascii: "\\") else { throw lone }
        position += 1
        guard try peek() == UInt8(ascii: "u") else { throw lone }
        position += 1
        let second = try hexadecimalDigits()
        let pair = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))
        guard UTF16.isTrailSurrogate(second), let scalar = Unicode.Scalar(pair) else { throw lone }
        return scalar
    }

    private mutating func hexadecimalDigits() throws(JSONFault) -> UInt16 {
        var sum: UInt16 = 0
        for _ in 0..<4 {
            guard let value = Self.hexadecimal(try peek()) else { throw fault(.malformedEscape) }
            sum = sum << 4 | value
            position += 1
        }
        return sum
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt16? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(digit - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(digit - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
