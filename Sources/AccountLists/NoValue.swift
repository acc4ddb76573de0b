// Words and signs that stand where there is no value. Databases, spreadsheets and programs write
// them, and none is anybody's name, or a secret.

enum NoValue {
    static func isWritten(as text: String) -> Bool { words.contains(text) || isSigns(text) }

    /// No value, or yes and no.
    private static let words: Set<String> = [
        "NULL", "null", "Null", "NIL", "nil", "Nil", "None", "NONE", "none", "NA", "N/A", "n/a",
        "N.A.", "n.a.", "NaN", "nan", "NAN", "NaT", "undefined", "Undefined", "UNDEFINED",
        "TRUE", "FALSE", "True", "False", "true", "false", "WAHR", "FALSCH", "VRAI", "FAUX",
        "VERO", "FALSO", "VERDADERO", "VERDADEIRO", "EMPTY", "UNKNOWN", "unknown", "Unknown",
    ]

    /// Nothing but punctuation of ASCII, as in `??`, `-`, `...` and `***`.
    private static func isSigns(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            (0x20...0x7e).contains(byte) && !letters.contains(byte | 0x20)
                && !digits.contains(byte)
        }
    }

    private static let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
}
