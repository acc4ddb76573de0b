// What programs write around a name, or in its place: escapes, placeholders that nobody filled in,
// addresses with a name beside them, and texts that were cut for a display.

enum ProgramText {
    /// Why a text is no name alone; nil when it may be one.
    static func oddity(of user: String) -> String? {
        let bytes = user.utf8
        if bytes.contains(UInt8(ascii: "%")), user.contains(/%[0-9A-Fa-f]{2}/) {
            return "it is percent-encoded"
        }
        if bytes.contains(UInt8(ascii: "\\")), user.contains(/\\[nrt]$|\\u[0-9A-Fa-f]{4}/) {
            return "it has an escape as programs write it"
        }
        if user.hasPrefix("${") || user.hasPrefix("$(") || user.wholeMatch(of: /%.*%|%[sd]/) != nil
        {
            return "it is a placeholder that nobody filled in"
        }
        if bytes.last == UInt8(ascii: "'"), user.wholeMatch(of: /[xX]'[0-9A-Fa-f]*'/) != nil {
            return "it looks like bytes as a database writes them"
        }
        if user.hasPrefix("0x"), isText(hex: user.dropFirst(2)) {
            return "it looks like bytes as a database writes them"
        }
        if user.hasSuffix("...") || user.hasSuffix("…") { return "it is cut short" }
        return addresses(in: user)
    }

    /// Whether the bytes are printable: `0x616461` is `ada`, and `0xdeadbeef` is a name.
    private static func isText(hex: Substring) -> Bool {
        let digits = Array(hex.utf8)
        guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { return false }
        return stride(from: 0, to: digits.count, by: 2).allSatisfy { index in
            let pair = String(decoding: digits[index...(index + 1)], as: UTF8.self)
            return UInt8(pair, radix: 16).map { (0x20...0x7e).contains($0) } ?? false
        }
    }

    /// `ada@example.org (Ada)`, `ada@example.org; bob@example.org`.
    private static func addresses(in user: String) -> String? {
        guard user.utf8.contains(UInt8(ascii: "@")) else { return nil }
        let hasMore =
            user.contains(/[^\s@]@[^\s@]+[\s;]/) || user.contains(/[\s;][^\s@]+@[^\s@]/)
        return hasMore ? "it has an address, and something beside it" : nil
    }
}
