// A cell's shape: its digits as those of ASCII, its signs as the usual ones, and a capital letter
// for each word. So a date has one shape in all languages that write it alike.

struct CellShape {
    private(set) var text = ""
    /// No word is one of those that spreadsheets write.
    private(set) var hasOnlyNames = false
    private(set) var digitRuns = 0

    /// Nil for what has no digit, or more words than any form: it is a name.
    init?(_ cell: String) {
        let scalars = Array(cell.unicodeScalars)
        var (words, names) = (0, 0)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if let digit = Self.digit(scalar) {
                if !(text.utf8.last.map(Self.isDigit) ?? false) { digitRuns += 1 }
                text.unicodeScalars.append(digit)
                index += 1
            } else if Self.isOfWords(scalar) {
                let end = scalars[index...].firstIndex { !Self.isOfWords($0) } ?? scalars.endIndex
                let kind = Self.kind(of: scalars[index..<end], behindDigit: digitRuns > 0)
                text.append(kind)
                words += 1
                if kind == "W" { names += 1 }
                guard words <= 7 else { return nil }
                index = end
            } else {
                text.unicodeScalars.append(Self.sign(scalar))
                index += 1
            }
        }
        guard digitRuns > 0 else { return nil }
        hasOnlyNames = words > 0 && names == words && !text.utf8.contains(UInt8(ascii: "$"))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar.isASCII { return ("0"..."9").contains(scalar) ? scalar : nil }
        guard scalar.properties.generalCategory == .decimalNumber,
            let value = scalar.properties.numericValue
        else { return nil }
        return Unicode.Scalar(UInt8(ascii: "0") + UInt8(value))
    }

    private static func isOfWords(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark:
            return true
        case _: return false
        }
    }

    private static func sign(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\u{2212}", "\u{2010}"..."\u{2014}": return "-"
        case "’", "´": return "'"
        case "٫", "．": return "."
        case "٬", "，": return ","
        case "／": return "/"
        case "：": return ":"
        case "（": return "("
        case "٪", "％", "‰": return "%"
        case "×", "·", "⋅": return "*"
        case _ where scalar.properties.generalCategory == .currencySymbol: return "$"
        case _ where scalar.isASCII: return scalar
        case _: return "?"
        }
    }

    // MARK: Words

    private static func kind(
        of word: ArraySlice<Unicode.Scalar>, behindDigit: Bool
    ) -> Character {
        if let first = word.first, behindDigit, word.count == 1 || first == "日" {
            switch first {
            case "年", "년": return "Y"
            case "月", "월": return "N"
            case "日", "일": return "D"
            case "时", "時", "시", "点", "點", "分", "분", "秒", "초": return "H"
            case _: break
            }
        }
        guard word.count <= 12 else { return "W" }
        let text = String(String.UnicodeScalarView(word)).lowercased()
        // The second is Cyrillic.
        if text == "e" || text == "е" { return "E" }
        if text == "t" { return "T" }
        if halves.contains(text) { return "A" }
        if currencies.contains(text) { return "C" }
        return MonthNames.contain(text) ? "M" : "W"
    }

    /// Of days, as they stand before a time.
    private static let halves: Set<String> = ["午前", "午後", "上午", "下午", "오전", "오후"]

    private static let currencies: Set<String> = [
        "eur", "usd", "gbp", "chf", "jpy", "cny", "rmb", "inr", "brl", "rub", "pln", "czk", "huf",
        "sek", "nok", "dkk", "try", "aud", "cad", "nzd", "mxn", "zar", "krw", "idr", "ron", "uah",
        "kr", "kč", "zł", "ft", "lei", "лв", "ден", "din", "дин", "rp", "rm", "fr", "руб", "р",
        "грн", "tl", "円", "元", "원",
    ]
}
