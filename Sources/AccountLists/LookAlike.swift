// Names that a person would take for one: they differ only in capitals, or one has other forms of
// the same letters. An import warns of them; to totpd they are two.

package enum LookAlike {
    /// The same for all names that look alike. Letters that are equal to Unicode are equal to Swift
    /// too, whether or not they are composed. Of the compatible forms (NFKC) it knows those of
    /// ASCII letters and digits, and the narrow ones of Japanese; Foundation, which knows all,
    /// would be more than half of totpctl.
    package static func key(of name: String) -> String {
        // Nearly all names are ASCII, and a list may have millions.
        guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { return name.lowercased() }
        var plain = String.UnicodeScalarView()
        for scalar in name.unicodeScalars { plain.append(forms[scalar] ?? scalar) }
        // In capitals a ligature becomes its letters.
        return String(plain).uppercased().lowercased()
    }

    private static let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    private static let letters = capitals + capitals.lowercased()
    private static let digits = "0123456789"

    /// Where a run of forms begins, and of which letters they are; a space is for no form.
    private static let runs: [(start: UInt32, letters: String)] = [
        // Wide: as `A` to a Japanese keyboard.
        (0xff10, digits), (0xff21, capitals), (0xff41, capitals.lowercased()),
        // Narrow.
        (0xff66, "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノ"),
        (0xff89, "ノハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309a}"),
        // Mathematical.
        (0x1d400, String(repeating: letters, count: 13)),
        (0x1d7ce, String(repeating: digits, count: 5)), (0x1fbf0, digits),
        (0x2102, "C"), (0x210a, "gHHHh"), (0x2110, "IILl N"), (0x2119, "PQRRR"), (0x2124, "Z   Z"),
        (0x212a, "K BC eEF Mo"), (0x2139, "i"), (0x2145, "Ddeij"),
        // In circles and squares.
        (0x2460, "123456789"), (0x24b6, letters + "0"), (0x1f12b, "CR   " + capitals),
        // Of Roman numbers.
        (0x2160, "I   V    X  LCDMi   v    x  lcdm"),
        // Raised and lowered.
        (0xaa, "a"), (0xb2, "23     1o"), (0x2070, "0i  456789     n0123456789"),
        (0x2090, "aeox hklmnpst"), (0x2b0, "h jr   wy"), (0x2e1, "lsx"),
        (0x1d2c, "A B DE GHIJKLMN O PRTUWa   bde   g km o   ptu  v"), (0x1d62, "iruv"),
        (0x1d9c, "c"), (0x1da0, "f"), (0x1dbb, "z"), (0x2c7c, "jV"), (0xa7f2, "CFQ"),
        (0x107a5, "q"),
        // A long s.
        (0x17f, "s"),
    ]

    private static let forms: [Unicode.Scalar: Unicode.Scalar] = {
        var forms: [Unicode.Scalar: Unicode.Scalar] = [:]
        for (start, letters) in runs {
            for (offset, letter) in letters.unicodeScalars.enumerated() where letter != " " {
                guard let form = Unicode.Scalar(start + UInt32(offset)) else { continue }
                forms[form] = letter
            }
        }
        return forms
    }()
}
