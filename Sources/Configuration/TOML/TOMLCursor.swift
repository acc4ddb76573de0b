// A position in a TOML text that moves forward and counts lines: its characters, blanks, comments
// and strings.

struct TOMLCursor {
    private let bytes: [UInt8]
    private var position = 0
    /// From 1.
    private(set) var line = 1

    init(_ bytes: [UInt8]) throws(ConfigurationFault) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw ConfigurationFault(line: nil, reason: "this is not UTF-8")
        }
        self.bytes = bytes
        // Windows' editors put a byte order mark in front of UTF-8. It says nothing.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    var isAtEnd: Bool { position == bytes.count }
    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    /// What is found where something else is expected, for people.
    var found: String {
        switch next {
        case nil: return "the end of the file"
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return "the end of the line"
        case let byte?:
            let isPlain = (0x20..<0x7f).contains(byte)
            return isPlain ? "'\(Character(Unicode.Scalar(byte)))'" : "a character"
        }
    }

    func fault(_ reason: String) -> ConfigurationFault {
        ConfigurationFault(line: line, reason: reason)
    }

    mutating func skip() { position += 1 }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        skip()
        return true
    }

    mutating func take(while isPart: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = next, isPart(byte) { skip() }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Letters, digits, `_` and `-`.
    static func isBareKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            return true
        default: return false  // Any other byte ends a bare key.
        }
    }

    /// What numbers, dates and the words of TOML are made of.
    static func isWord(_ byte: UInt8) -> Bool {
        isBareKey(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: ":")
    }

    // MARK: Blanks and lines

    mutating func skipBlanks() {
        while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { skip() }
    }

    /// Nothing but a comment may follow on this line.
    mutating func endLine() throws(ConfigurationFault) {
        skipBlanks()
        try skipComment()
        guard isAtEnd || takeLineEnd() else {
            throw fault("\(found) is left over; the end of the line is expected")
        }
    }

    /// Blanks, comments and ends of lines, as they may stand in a list.
    mutating func skipLines() throws(ConfigurationFault) {
        repeat {
            skipBlanks()
            try skipComment()
        } while takeLineEnd()
    }

    private mutating func takeLineEnd() -> Bool {
        let isCRLF =
            next == UInt8(ascii: "\r") && position + 1 < bytes.count
            && bytes[position + 1] == UInt8(ascii: "\n")
        guard isCRLF || next == UInt8(ascii: "\n") else { return false }
        position += isCRLF ? 2 : 1
        line += 1
        return true
    }

    private mutating func skipComment() throws(ConfigurationFault) {
        guard next == UInt8(ascii: "#") else { return }
        while let byte = next, byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "\r") { return }
            try refuseControl(byte)
            skip()
        }
    }

    private func refuseControl(_ byte: UInt8) throws(ConfigurationFault) {
        guard byte >= 0x20 && byte != 0x7f || byte == UInt8(ascii: "\t") else {
            throw fault("a control character; text is expected")
        }
    }

    // MARK: Strings

    /// `'…'`, in which nothing is escaped.
    mutating func readLiteralString() throws(ConfigurationFault) -> String {
        try refuseLongQuotes(UInt8(ascii: "'"))
        let start = position
        while let byte = next, byte != UInt8(ascii: "'") {
            try stayInString(byte)
            skip()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard take("'") else { throw fault("a string that does not end; \"'\" is expected") }
        return text
    }

    /// `"…"`, with escapes.
    mutating func readBasicString() throws(ConfigurationFault) -> String {
        try refuseLongQuotes(UInt8(ascii: "\""))
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            try stayInString(byte)
            skip()
            if byte == UInt8(ascii: "\\") {
                text += try readEscape()
            } else {
                text.append(byte)
            }
        }
        guard take("\"") else { throw fault("a string that does not end; '\"' is expected") }
        return String(decoding: text, as: UTF8.self)
    }

    /// Takes the opening quote. Three of them would begin a string of several lines.
    private mutating func refuseLongQuotes(_ quote: UInt8) throws(ConfigurationFault) {
        guard !bytes[position...].starts(with: [quote, quote, quote]) else {
            throw fault("a string of several lines; one line is expected")
        }
        skip()
    }

    private func stayInString(_ byte: UInt8) throws(ConfigurationFault) {
        guard byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") else {
            throw fault("a string that does not end on its line")
        }
        try refuseControl(byte)
    }

    private mutating func readEscape() throws(ConfigurationFault) -> [UInt8] {
        guard let byte = next else { throw fault("a string that does not end") }
        skip()
        switch byte {
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
        case UInt8(ascii: "u"): return try readScalar(digits: 4)
        case UInt8(ascii: "U"): return try readScalar(digits: 8)
        default: throw fault("an escape that TOML does not know; \\\\ is a backslash")
        }
    }

    private mutating func readScalar(digits: Int) throws(ConfigurationFault) -> [UInt8] {
        let text = String(decoding: bytes[position...].prefix(digits), as: UTF8.self)
        let isHexadecimal = text.utf8.count == digits && text.allSatisfy { $0.isHexDigit }
        guard isHexadecimal, let value = UInt32(text, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw fault("\(digits) hexadecimal digits of a character are expected") }
        position += digits
        return Array(String(scalar).utf8)
    }
}

/// A piece of the file as an error may repeat it: short, and nothing that moves a terminal.
func printable(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(64).map { scalar in
        scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7f ? Character(scalar) : "?"
    }
    return String(shown)
}
