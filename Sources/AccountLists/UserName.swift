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
        if nothings.contains(user) {
            return "it looks like a word of a database or spreadsheet for no value, yes or no"
        }
        // Most names: a list may have millions, and what follows takes longer.
        if isPlain(user) { return nil }
        let scalars = user.unicodeScalars
        if scalars.contains(where: { $0.isBlank && !$0.isInsideNames }) {
            return "it has an invisible character, or a blank that is no space"
        }
        if scalars.contains("\u{fffd}") { return "one of its characters was lost in an encoding" }
        if isReadTwice(scalars) { return "its UTF-8 was once read in another encoding" }
        if let first = scalars.first, openings.contains(first) {
            return "it begins with a quotation mark, a separator or the sign of a formula"
        }
        if let last = scalars.last, separators.contains(last) { return "it ends with a separator" }
        if user.contains("://") { return "it has a link" }
        if hasEntity(user) { return "it has an HTML or XML entity" }
        if isRewritten(user) {
            return "it looks like a number, date or formula that a spreadsheet has changed"
        }
        return nil
    }

    /// Digits alone, or ASCII letters and digits with a letter in front.
    private static func isPlain(_ user: String) -> Bool {
        let bytes = user.utf8
        let isNumber = bytes.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard !isNumber, let first = bytes.first else { return isNumber }
        return letters ~= first | 0x20
            && bytes.allSatisfy {
                letters ~= $0 | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
            }
    }

    private static let separators = Set(",;|:=\t".unicodeScalars)
    private static let openings = separators.union("\"'`´‘’‚“”„«»‹›".unicodeScalars)
    /// What stands for nothing, or for yes and no, which no name is.
    private static let nothings: Set<String> = [
        "TRUE", "FALSE", "WAHR", "FALSCH", "VRAI", "FAUX", "NULL", "null", "Null", "(null)",
        "<null>", "NIL", "nil", "None", "\\N", "NaN", "nan",
        "undefined", "N/A", "n/a",
    ]

    private static let months: Set<String> = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `&amp;`, `&#38;`, `&#x26;` and their like.
    static func hasEntity(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "&"))
            && text.contains(/&(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});/)
    }

    /// `Ã©` for é: both bytes of a character, each taken for a character of Latin-1 or
    /// Windows-1252.
    private static func isReadTwice(_ scalars: String.UnicodeScalarView) -> Bool {
        zip(scalars, scalars.dropFirst()).contains { first, second in
            (0xc2...0xc5).contains(first.value)
                && (0x80...0xbf ~= second.value || windows.contains(second))
        }
    }

    /// Bytes 80 to 9F of Windows-1252.
    private static let windows = Set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".unicodeScalars)

    /// `4.01E+03`, `4,01E+03`, `4009.0`, `#REF!`, `#N/A`; `1-Mar` and `Mar-01`.
    private static func isRewritten(_ text: String) -> Bool {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        if text.utf8.count <= 6,
            text.wholeMatch(of: /[0-9]{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-[0-9]{2}/) != nil,
            text.split(separator: "-").contains(where: { months.contains(String($0)) })
        {
            return true
        }
        guard let first = text.utf8.first, digits ~= first || first == UInt8(ascii: "#") else {
            return false
        }
        return text.wholeMatch(of: /[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+/) != nil
            || text.wholeMatch(of: /[0-9]+[.,]0+/) != nil
            || text.wholeMatch(of: /#(?:[A-Z0-9\/]+[!?]|N\/A|#+)/) != nil
    }
}
