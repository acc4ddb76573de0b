// What a spreadsheet makes of a cell that it takes for a number, a date, a time or a formula.
// The name that stood there is lost. Forms are told by their shape, in whatever language.

enum RewrittenCell {
    static func isWritten(as text: String) -> Bool {
        // No form is longer, or has the sign of an address. With a plus, people write telephone
        // numbers.
        guard text.utf8.count <= 96, !text.utf8.contains(UInt8(ascii: "@")),
            text.utf8.first != UInt8(ascii: "+") || text.utf8.last == UInt8(ascii: "%"),
            let shape = CellShape(text)
        else { return false }
        // A list may have millions of names, and few have anything of a form.
        guard !shape.hasOnlyNames || shape.digitRuns > 2 || shape.text.contains(":") else {
            return false
        }
        return isRounded(shape.text) || forms.contains { shape.text.wholeMatch(of: $0) != nil }
    }

    /// To 15 digits, or to 17: `1234567890123450`, `12345678901234567000`.
    private static func isRounded(_ text: String) -> Bool {
        let digits = text.utf8
        guard digits.count > 15, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return false }
        return [15, 17].contains { kept in
            digits.count > kept && digits.dropFirst(kept).allSatisfy { $0 == UInt8(ascii: "0") }
        }
    }

    /// Over shapes, as `CellShape` writes them: W is any word, and other capitals are certain ones.
    /// Literals without captures of a type, which nobody can change.
    nonisolated(unsafe) private static let forms: [Regex<AnyRegexOutput>] =
        numbers + amounts + dates + datesWithWords + times

    private static var numbers: [Regex<AnyRegexOutput>] {
        [
            // `-4011`
            Regex(/-\d+/),
            // `4011.0`, `4,01`, `.5`, `-4011.00`, `(4,01)`
            Regex(/[-(]?\d*[.,]\d+[-)]?/),
            // `4,011`, `12,34,567`, `4,011.00`
            Regex(/[-(]?\d+(?:,\d+)+(?:\.\d+)?[-)]?/),
            // `4.011,5`, `4 011`, `4'011`
            Regex(/[-(]?[1-9]\d{0,2}(?:[. ']\d{3})+(?:[.,]\d+)?[-)]?/),
            // `4.01E+03`, `4,01E+03`, `4.01E 03`, `$4E+03`, `4×10^3`
            Regex(/[-(]?(?:\$ ?)?\d+(?:[.,]\d+)?E[-+ ]?\d+/),
            Regex(/-?\d+(?:[.,]\d+)? ?\* ?10\^?[-+]?\d+/),
            // `1/2`, `4 1/2`
            Regex(/\d{1,2}\/\d{1,2}/), Regex(/\d+ \d+\/\d+/),
        ]
    }

    private static var amounts: [Regex<AnyRegexOutput>] {
        [
            // `12%`, `% 12`
            Regex(/[-+(]?\d[0-9.,' ]*%\)?/), Regex(/[-+(]?% ?\d[0-9.,' ]*/),
            // `$12`, `R$ 12,00`, `12 €`, `-12,00 €`
            Regex(/[-(]?[A-Z]{0,2}\$ ?-?\d[0-9.,' ]*\)?/),
            Regex(/[-(]?\d[0-9.,' ]*\$\)?/),
            // `kr 12`, `12 zł`, `CHF 12.00`
            Regex(/-?C\.? \d[0-9.,' ]*/), Regex(/-?\d[0-9.,' ]* C\.?/),
            Regex(/-?C\.?\d[0-9.,' ]*[.,]\d{2}/),
            Regex(/-?\d[0-9.,' ]*[.,]\d{2}C\.?/),
        ]
    }

    private static var dates: [Regex<AnyRegexOutput>] {
        [
            // `01.12.2026`, `1/12/26`, `1. 12. 2026`, with a time behind it or not
            Regex(/(?:W[.,]* )?\d{1,2}([-.\/] ?)\d{1,2}\1\d{2,4}\.?(?:[ ,T].*)?/),
            // `2026-12-01`, `2026. 12. 1.`
            Regex(/(?:W[.,]* )?\d{4}([-.\/] ?)\d{1,2}\1\d{1,2}\.?(?:[ ,T].*)?/),
            // `2026/12`, `12.2026`
            Regex(/(?:19|20)\d{2}[-.\/](?:0?[1-9]|1[0-2])/),
            Regex(/(?:0?[1-9]|1[0-2])[-.\/](?:19|20)\d{2}/),
            // `1.1.`
            Regex(/\d{1,2}\. ?\d{1,2}\./),
        ]
    }

    private static var datesWithWords: [Regex<AnyRegexOutput>] {
        [
            // `1-Dec`, `01. Dez`, `Mar-01`, `mars-26`
            Regex(/\d{1,4}\.?[-.\/ ]+(?:W )?M\.?/),
            Regex(/M\.?[-.\/ ]+'?\d{1,4}/), Regex(/M W \d{4}/),
            // `Dienstag, 1. Dezember 2026`, `1 de diciembre de 2026`, `1st December 2026`
            Regex(/(?:[WM][.,]* )?\d{1,2}W?[-.\/, ]+(?:W )?M\.?[-.\/, ]+'?\d{2,4}(?:[ ,].*)?/),
            Regex(/(?:[WM][.,]* )?\d{1,2} (?:W )?M W \d{4}(?:[ ,].*)?/),
            // `December 1, 2026`
            Regex(/(?:[WM][.,]* )?M\.?[-.\/ ]+\d{1,2}W?[-.,\/ ]+\d{2,4}(?:[ ,].*)?/),
            // `2026. dec. 1.`
            Regex(/\d{4}[-.\/ ]+M\.?[-.\/ ]+\d{1,2}\.?(?:[ ,].*)?/),
            // `2026年12月1日`, `2026年`, `令和8年12月`, `12月1日`
            Regex(/(?:W ?)?\d{4} ?Y(?: ?\d{1,2} ?N)?(?: ?\d{1,2} ?D)?(?:[ ,(].*)?/),
            Regex(/(?:W ?)?\d{1,2} ?Y ?\d{1,2} ?N(?: ?\d{1,2} ?D)?(?:[ ,(].*)?/),
            Regex(/\d{1,2} ?N(?: ?\d{1,2} ?D)?(?:[ ,(].*)?/),
        ]
    }

    private static var times: [Regex<AnyRegexOutput>] {
        [
            // `12:30`, `12:30:00`, `1:30:00 PM`, `1:30 p.m.`, `下午1:30`
            Regex(/(?:A ?|[A-Z]\.?[A-Z]?\.? )?\d{1,4}:\d{2}(?: ?[A-Z]\.?(?: ?[A-Z]\.?)?)?/),
            Regex(/(?:A ?|[A-Z]\.?[A-Z]?\.? )?\d{1,4}:\d{2}:\d{2}(?:[.,]\d+)?(?: ?[A-Z].{0,4})?/),
            // `12時30分`
            Regex(/(?:A ?)?\d{1,2} ?H(?: ?\d{1,2} ?H)*/),
            // `Err:502`, as LibreOffice writes a formula that has no value
            Regex(/[A-Z] ?: ?5[0-4]\d/),
        ]
    }
}
