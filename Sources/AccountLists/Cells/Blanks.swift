// Trims blanks from the ends of a cell. Every column of every format is trimmed here: otherwise one
// user in two files could become two. What a person cannot see is not trimmed, but refused by
// whoever reads the cell: it shows that the cell went through something that adds to what it has.

extension Unicode.Scalar {
    /// White space of any kind, or a character that shows nothing.
    var isBlank: Bool {
        // Nearly all of a list is ASCII, of which nothing has to be looked up.
        guard value >= 0x80 else { return isASCIIBlank }
        return properties.isWhitespace || isUnseen || looksBlank
    }

    /// A space, or what moves on to another column or line.
    fileprivate var isASCIIBlank: Bool { value == 0x20 || (0x09...0x0d).contains(value) }

    /// Zero-width characters, direction marks, variation selectors, tags, the byte order mark, by
    /// what Unicode says of them. Joiners (U+200C, U+200D) are among them, though inside a name
    /// they have their place.
    private var isUnseen: Bool {
        properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format
    }

    /// A pattern of Braille without a dot: a symbol of which a person sees a gap.
    private var looksBlank: Bool { value == 0x2800 }

    /// What a name may have between its characters, as far as blanks go.
    var isInsideNames: Bool { value == 0x20 || value == 0x200c || value == 0x200d }
}

extension StringProtocol {
    /// Without the white space of ASCII at both ends.
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isASCIIBlank }),
            let last = scalars.lastIndex(where: { !$0.isASCIIBlank })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }

    /// By bytes, ASCII's capitals as its small letters: no other spelling counts as the same.
    func starts(withASCII prefix: String) -> Bool {
        let start = utf8.prefix(prefix.utf8.count)
        return start.count == prefix.utf8.count
            && zip(start, prefix.utf8).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }

    /// Where a text of ASCII begins, capitals or not.
    func firstIndex(ofASCII text: String) -> String.Index? {
        guard let first = text.utf8.first?.asciiLowercased else { return nil }
        return utf8.indices.first {
            utf8[$0].asciiLowercased == first && self[$0...].starts(withASCII: text)
        }
    }
}

extension UInt8 {
    fileprivate var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
