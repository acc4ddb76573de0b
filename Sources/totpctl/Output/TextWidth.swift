// How many columns of a terminal a text takes, and what a terminal would not show as it stands.

enum TextWidth {
    /// Letters of East Asia and pictures take two columns. Marks above or below a letter take none:
    /// to Swift they are one character with it.
    static func columns(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            let isWide = character.unicodeScalars.contains { scalar in
                wide.contains { $0.contains(scalar.value) }
            }
            return sum + (isWide ? 2 : 1)
        }
    }

    /// What a terminal obeys or hides, such as a mark that turns the direction of a line round, as
    /// its number.
    static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        return text.unicodeScalars.reduce(into: "") { shown, scalar in
            if isHidden(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Joiners are parts of letters and pictures.
        case .format: scalar != "\u{200c}" && scalar != "\u{200d}"
        default: false
        }
    }

    /// W and F of Unicode's EastAsianWidth.txt, in blocks.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0xa4cf,
        0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
        0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1f9ff,
        0x20000...0x3fffd,
    ]
}
