// What a spreadsheet makes of a cell that it takes for a number, a date, a time or a formula.
// The name that stood there is lost.

enum RewrittenCell {
    static func isWritten(as text: String) -> Bool {
        // No form is long, and most names can be told from all forms by an end.
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 32,
            bytes.contains(where: isDigit), !bytes.contains(UInt8(ascii: "@"))
        else { return false }
        if letters.contains(first | 0x20) {
            return isDigit(last) && (isMonthOfYear(text) || isFault(text))
        }
        return isNumber(text) || isRounded(text) || isDate(text) || isTime(text)
    }

    private static let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// `4.01E+03`, `4,01E+03`, `4011.0`, `4011,00`; `4,011`, `4.011,5`, `4 011`, `4'011` and
    /// `4,01`; the same with a minus or a currency.
    private static func isNumber(_ text: String) -> Bool {
        let number = text.trimmingPrefix(/[-(]?[$€£¥]? ?/)
        return number.wholeMatch(of: /[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+/) != nil
            || number.wholeMatch(of: /[0-9]+[.,]0+\)?/) != nil
            || number.wholeMatch(of: /[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?\)?/) != nil
            || number.wholeMatch(of: /[1-9][0-9]{0,2}(?:[. '’][0-9]{3})+(?:[.,][0-9]+)?\)?/) != nil
    }

    /// To 15 digits: `1234567890123450`.
    private static func isRounded(_ text: String) -> Bool {
        let bytes = text.utf8
        return bytes.count > 15 && bytes.allSatisfy(isDigit)
            && bytes.dropFirst(15).allSatisfy { $0 == UInt8(ascii: "0") }
    }

    /// `01.12.2026`, `1/12/26`, `2026-12-01`, with a time behind it or not; `1-Mar`, `01. Dez 26`.
    private static func isDate(_ text: String) -> Bool {
        if text.wholeMatch(of: /[0-9]{1,2}([-.\/])[0-9]{1,2}\1[0-9]{2,4}(?:[T ,].*)?/) != nil
            || text.wholeMatch(of: /[0-9]{4}([-.\/])[0-9]{1,2}\1[0-9]{1,2}(?:[T ,].*)?/) != nil
        {
            return true
        }
        let day = /[0-9]{1,2}[-.\/ ]+(\p{L}{3,5})\.?(?:[-.\/ ]+[0-9]{2,4})?/
        return text.wholeMatch(of: day).map { months.contains($0.1.lowercased()) } ?? false
    }

    /// `Mar-01`, `Dez 26` and `mars-01`.
    private static func isMonthOfYear(_ text: String) -> Bool {
        let month = text.wholeMatch(of: /(\p{L}{3,5})\.?[-.\/ ]+[0-9]{2,4}/)?.1
        return month.map { months.contains($0.lowercased()) } ?? false
    }

    /// `12:30`, `1:30:00 PM`.
    private static func isTime(_ text: String) -> Bool {
        text.wholeMatch(of: /[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: [AaPp][Mm])?/) != nil
    }

    /// `Err:502`, as LibreOffice writes a formula that has no value.
    private static func isFault(_ text: String) -> Bool {
        text.wholeMatch(of: /(?i:err|error|fehler|erreur|errore):[0-9]{3}/) != nil
    }

    /// As English, German, French, Spanish, Italian, Portuguese and Dutch shorten them.
    private static let months: Set<String> = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "mär", "mrz", "mai", "okt", "dez", "janv", "févr", "mars", "avr", "juin", "juil", "août",
        "déc", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott", "fev", "out",
        "mrt", "mei",
    ]
}
