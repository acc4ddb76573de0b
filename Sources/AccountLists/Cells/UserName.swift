// Whether a value can be the user. A separator, a quotation mark or a number that a spreadsheet has
// changed is refused. Otherwise the site would ask about a user whom nobody has, and would ask
// nobody for a code.

import Accounts

enum UserName {
    /// The user of a row that people and spreadsheets write; `text` as it stood there.
    static func checked(_ text: String?) throws(RowFault) -> String {
        let user = (text ?? "").trimmed
        guard !user.isEmpty else { throw RowFault(field: "user", "it is missing") }
        guard AccountName(app: .standard, user: user) != nil else {
            throw RowFault(
                field: "user",
                "1 to \(Policy.userBytesMax) bytes without control characters are expected")
        }
        if let why = oddity(of: user) { throw RowFault(field: "user", why + elsewhere) }
        return user
    }

    /// NDJSON quotes a name, so that nothing about it has to be guessed.
    static let elsewhere = "; if it is correct, import this row as ndjson"

    /// Why a text looks as if something other than a name got into it; nil when it does not.
    private static func oddity(of user: String) -> String? {
        if NoValue.isWritten(as: user) {
            return "it looks like a word or sign for no value, or like yes or no"
        }
        // Most names: a list may have millions, and what follows takes longer.
        if isPlain(user) { return nil }
        if RewrittenCell.isWritten(as: user) {
            return "it looks like a number, date or formula that a spreadsheet has changed"
        }
        return unseen(in: user) ?? lost(from: user) ?? added(to: user) ?? ProgramText.oddity(
            of: user)
            ?? Alphabet.oddity(of: user)
    }

    private static func unseen(in user: String) -> String? {
        let scalars = user.unicodeScalars
        // Joiners join: at an end there is nothing to be joined.
        let isOdd =
            scalars.contains { $0.isBlank && !$0.isInsideNames }
            || scalars.first?.isBlank == true || scalars.last?.isBlank == true
        return isOdd ? "it has an invisible character, or a blank that is no space" : nil
    }

    /// Encodings that were taken for others.
    private static func lost(from user: String) -> String? {
        let scalars = user.unicodeScalars
        if scalars.contains("\u{fffd}") || scalars.contains("?") {
            return "one of its characters may have been lost in an encoding"
        }
        if isReadTwice(scalars) { return "its UTF-8 was once read in another encoding" }
        if hasEntity(user) { return "it has an HTML or XML entity" }
        if user.contains("\\\\") { return "it has the escape sign of a database's output twice" }
        if user.utf8.contains(UInt8(ascii: "=")), user.contains(quotedPrintable) {
            return "it is quoted-printable: decode the file"
        }
        return nil
    }

    /// Of a byte that is no ASCII, and of `=` itself.
    private static var quotedPrintable: Regex<Substring> {
        /=3D|=[C-F][0-9A-F]=[89AB][0-9A-F]/
    }

    /// Signs of the list that it stood in.
    private static func added(to user: String) -> String? {
        let scalars = user.unicodeScalars
        if let first = scalars.first, openings.contains(first) {
            return "it begins with a quotation mark, a bracket, a separator or a sign of a formula"
        }
        if user.contains(#/^(?:[-‐–—]|[0-9]{1,4}[.)])[ ]/#) {
            return "it begins like an item of a list"
        }
        if let last = scalars.last {
            if separators.contains(last) { return "it ends with a separator" }
            // `b'ada'` is how a program shows a text of bytes.
            let isQuoted = quotes.contains(last) && user.contains(/^[bBuU]['"]/)
            let isAlone = quotes.contains(last) && !scalars.dropLast().contains(last)
            if isQuoted || isAlone { return "it ends with a quotation mark" }
        }
        if user.utf8.last == UInt8(ascii: ")"), user.wholeMatch(of: /[A-Za-z_.]+\(.*\)/) != nil {
            return "it looks like a value as a program writes it"
        }
        if user.contains("://") || user.starts(withASCII: "mailto:") { return "it has a link" }
        // `Ada <ada@example.org>`, and the lines of a table that was drawn.
        if scalars.contains(where: { "<>".unicodeScalars.contains($0) || isOfTables($0) }) {
            return "it has an angle bracket, or a line of a table"
        }
        return nil
    }

    private static func isOfTables(_ scalar: Unicode.Scalar) -> Bool {
        (0x2500...0x259f).contains(scalar.value)
    }

    /// Digits alone, as many as a spreadsheet keeps, or ASCII letters and digits with a letter in
    /// front.
    private static func isPlain(_ user: String) -> Bool {
        let bytes = user.utf8
        let isNumber = bytes.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard !isNumber, let first = bytes.first else { return bytes.count <= 15 }
        return letters ~= first | 0x20
            && bytes.allSatisfy {
                letters ~= $0 | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
            }
    }

    private static let separators = Set(",;|:=\t".unicodeScalars)
    private static let quotes = Set("\"'`´‘’‚“”„«»‹›".unicodeScalars)
    private static let openings = separators.union(quotes).union("([{<#*•·\\".unicodeScalars)

    /// `&amp;`, `&#38;`, `&#x26;` and their like.
    static func hasEntity(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "&"))
            && text.contains(/&(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});/)
    }

    /// `Ã©` for é, `Ð°` for а, `ä¸€` for 一: the bytes of a character, each taken for a character of
    /// Latin-1 or Windows-1252.
    private static func isReadTwice(_ scalars: String.UnicodeScalarView) -> Bool {
        let scalars = Array(scalars)
        return scalars.indices.contains { index in
            let rest = scalars[(index + 1)...].prefix { isContinuation($0) }
            switch scalars[index].value {
            case 0xc2...0xdf: return rest.count >= 1
            case 0xe0...0xef: return rest.count >= 2
            default: return false  // No first byte of two or three, as nearly all characters.
            }
        }
    }

    private static func isContinuation(_ scalar: Unicode.Scalar) -> Bool {
        0x80...0xbf ~= scalar.value || windows.contains(scalar)
    }

    /// Bytes 80 to 9F of Windows-1252.
    private static let windows = Set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".unicodeScalars)
}
