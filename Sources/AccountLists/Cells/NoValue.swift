// Words and signs that stand where there is no value. Databases, spreadsheets and programs write
// them, and none is anybody's name, or a secret.

enum NoValue {
    static func isWritten(as text: String) -> Bool { words.contains(text) || isSigns(text) }

    /// No value, or yes and no.
    private static let words: Set<String> = [
        "NULL", "null", "Null", "NIL", "nil", "Nil", "None", "NONE", "none", "NA", "N/A", "n/a",
        "N.A.", "n.a.", "NaN", "nan", "NAN", "NaT", "undefined", "Undefined", "UNDEFINED",
        "inf", "Inf", "INF", "-inf", "-Inf", "Infinity", "-Infinity", "YES", "NO", "Yes", "No",
        "yes", "no", "EMPTY", "UNKNOWN", "unknown", "Unknown", "TRUE", "True", "true", "FALSE",
        "False", "false",
        // As spreadsheets of other languages write the last two: German, French, Spanish, Italian,
        // Portuguese, Dutch, Danish, Norwegian, Swedish, Finnish, Polish, Czech, Hungarian,
        // Romanian, Catalan, Croatian, Slovenian, Estonian, Latvian, Turkish, Russian, Ukrainian,
        // Bulgarian, Greek, Basque, Chinese, Japanese and Korean.
        "WAHR", "FALSCH", "Wahr", "Falsch", "wahr", "falsch", "VRAI", "FAUX", "Vrai", "Faux",
        "vrai", "faux", "VERDADERO", "FALSO", "Verdadero", "Falso", "verdadero", "falso",
        "VERO", "VERDADEIRO", "Verdadeiro", "verdadeiro", "WAAR", "ONWAAR", "SAND", "FALSK",
        "SANN", "USANN", "SANT", "FALSKT", "TOSI", "EPÄTOSI", "PRAWDA", "FAŁSZ", "PRAVDA",
        "NEPRAVDA", "IGAZ", "HAMIS", "ADEVĂRAT", "FALS", "CERT", "ISTINA", "LAŽ", "RESNIČNO",
        "NERESNIČNO", "TÕENE", "VÄÄR", "PATIESS", "APLAMS", "DOĞRU", "YANLIŞ", "ИСТИНА", "ЛОЖЬ",
        "ІСТИНА", "ХИБНІСТЬ", "НЕПРАВДА", "ΑΛΗΘΕΣ", "ΑΛΗΘΗΣ", "ΨΕΥΔΕΣ", "ΨΕΥΔΗΣ", "EGIA",
        "FALTSUA", "真", "假", "偽", "참", "거짓",
    ]

    /// Nothing but punctuation and signs of reckoning, as in `??`, `-`, `...`, `***` and `—`.
    private static func isSigns(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            guard !scalar.isASCII else { return isSign(scalar) }
            switch scalar.properties.generalCategory {
            case .dashPunctuation, .otherPunctuation, .connectorPunctuation, .openPunctuation,
                .closePunctuation, .initialPunctuation, .finalPunctuation, .mathSymbol,
                .currencySymbol, .modifierSymbol:
                return true
            case _: return false
            }
        }
    }

    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        return (" "..."~").contains(scalar) && !isLetter && !("0"..."9").contains(scalar)
    }
}
