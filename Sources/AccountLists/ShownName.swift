// Shows an unknown name of a column, field or parameter to the person who misspelt it. A name that
// could be a secret is not shown: where a header is missing, a secret stands in its place.

enum ShownName {
    /// The shortest secret that is in use has 10 bytes: 16 characters of base32, 20 of hex.
    private static let charactersMax = 15

    /// `'name'`, or nil when it could be something else than a name.
    static func quoted(_ name: String) -> String? {
        let isShown =
            (1...charactersMax).contains(name.utf8.count)
            && name.utf8.allSatisfy(isNameCharacter)
        return isShown ? "'\(name)'" : nil
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "):
            return true
        default: return false  // What is no name is not shown: it may be a secret.
        }
    }
}
