// What a spreadsheet makes of a cell that it takes for a number, a date, a time or a formula.
// The name that stood there is lost.

enum RewrittenCell {
    /// Which letters a text has says which forms it could have: a list may have millions of names,
    /// and nearly all have others.
    static func isWritten(as text: String) -> Bool {
        let bytes = text.utf8
        // No form is longer, or has the sign of an address.
        guard bytes.count <= 32, bytes.contains(where: isDigit),
            !bytes.contains(UInt8(ascii: "@"))
        else { return false }
        let letters = String(text.unicodeScalars.filter(\.properties.isAlphabetic))
        switch letters.lowercased() {
        case "": return isNumber(text) || isRounded(text) || isDate(text) || isTime(text)
        case "e": return isPower(text)
        case "t", "tz": return isDate(text)
        case "am", "pm": return isTime(text)
        case "err", "error", "fehler", "erreur", "errore": return isFault(text)
        case let word: return months.contains(word) && hasMonth(text)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// `4.01E+03`, `4,01E+03`, with a minus or a currency or not.
    private static func isPower(_ text: String) -> Bool {
        text.trimmingPrefix(/[-(]?[$€£¥]? ?/)
            .wholeMatch(of: /[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+/) != nil
    }

    /// `4011.0`, `4011,00`; `4,011`, `4.011,5`, `4 011`, `4'011` and `4,01`; the same with a minus
    /// or a currency.
    private static func isNumber(_ text: String) -> Bool {
        let number = text.trimmingPrefix(/[-(]?[$€£¥]? ?/)
        return number.wholeMatch(of: /[0-9]+[.,]0+\)?/) != nil
            || number.wholeMatch(of: /[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?\)?/) != nil
            || number.wholeMatch(of: /[1-9][0-9]{0,2}(?:[. '’][0-9]{3})+(?:[.,][0-9]+)?\)?/) != nil
    }

    /// To 15 digits: `1234567890123450`.
    private static func isRounded(_ text: String) -> Bool {
        let bytes = text.utf8
        return bytes.count > 15 && bytes.allSatisfy(isDigit)
            && bytes.dropFirst(15).allSatisfy { $0 == UInt8(ascii: "0") }
    }

    /// `01.12.2026`, `1/12/26`, `2026-12-01`, with a time behind it or not.
    private static func isDate(_ text: String) -> Bool {
        text.wholeMatch(of: /[0-9]{1,2}([-.\/])[0-9]{1,2}\1[0-9]{2,4}(?:[T ,].*)?/) != nil
            || text.wholeMatch(of: /[0-9]{4}([-.\/])[0-9]{1,2}\1[0-9]{1,2}(?:[T ,].*)?/) != nil
    }

    /// `1-Mar`, `01. Dez 26`; `Mar-01`, `Dez 26` and `mars-01`.
    private static func hasMonth(_ text: String) -> Bool {
        text.wholeMatch(of: /[0-9]{1,2}[-.\/ ]+\p{L}{3,5}\.?(?:[-.\/ ]+[0-9]{2,4})?/) != nil
            || text.wholeMatch(of: /\p{L}{3,5}\.?[-.\/ ]+[0-9]{2,4}/) != nil
    }

    /// `12:30`, `1:30:00 PM`.
    private static func isTime(_ text: String) -> Bool {
        text.wholeMatch(of: /[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: [AaPp][Mm])?/) != nil
    }

    /// `Err:502`, as LibreOffice writes a formula that has no value.
    private static func isFault(_ text: String) -> Bool {
        text.wholeMatch(of: /\p{L}+:[0-9]{3}/) != nil
    }

    /// As English, German, French, Spanish, Italian, Portuguese and Dutch shorten them.
    private static let months: Set<String> = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "mär", "mrz", "mai", "okt", "dez", "janv", "févr", "mars", "avr", "juin", "juil", "août",
        "déc", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott", "fev", "out",
        "mrt", "mei",
    ]
}
