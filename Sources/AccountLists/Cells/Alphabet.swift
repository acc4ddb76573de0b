// Letters that look like those of another alphabet: `аdmin` with a Cyrillic а. A person who reads
// the list sees another user than the one who would be imported.

enum Alphabet {
    case latin, greek, cyrillic, armenian, cherokee

    /// Why a name is refused in which a word has letters of two alphabets, or letters in a form
    /// that nobody types; nil when it has neither.
    static func oddity(of name: String) -> String? {
        guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        guard !name.unicodeScalars.contains(where: isStyled) else {
            return "it has letters or signs in another form, such as full width"
        }
        var before: Alphabet?
        for scalar in name.unicodeScalars {
            guard scalar.properties.isAlphabetic else {
                // A mark belongs to the letter before it.
                if !scalar.properties.isGraphemeExtend { before = nil }
                continue
            }
            guard let this = Alphabet(of: scalar) else { continue }
            guard before == nil || before == this else {
                return "a word of it mixes the letters of two alphabets, some of which look alike"
            }
            before = this
        }
        return nil
    }

    /// Full width, ligatures, and the alphabets of mathematics.
    private static func isStyled(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xfb00...0xfb06, 0xff01...0xff5e, 0x1d400...0x1d7ff: true
        case _: false
        }
    }

    /// Nil for a letter that looks like none of another alphabet.
    private init?(of scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x41...0x5a, 0x61...0x7a, 0xc0...0x24f, 0x1e00...0x1eff: self = .latin
        case 0x370...0x3ff, 0x1f00...0x1fff: self = .greek
        case 0x400...0x52f: self = .cyrillic
        case 0x530...0x58f: self = .armenian
        case 0x13a0...0x13ff, 0xab70...0xabbf: self = .cherokee
        case _: return nil
        }
    }
}
