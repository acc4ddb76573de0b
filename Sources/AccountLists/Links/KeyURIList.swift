// otpauth key URIs, one a line. One word before the link is the user. Anything else before it is an
// error, because then the file is a list of another format.

enum KeyURIList {
    /// A line is `URI`, or `USER URI`: the app's own name of a user is seldom what the URI shows.
    static func read(_ text: String, _ body: (ListRow) throws -> Void) throws {
        for line in AccountList.lines(of: text) {
            try body(ListRow(line.number) { () throws(RowFault) in try account(line.text) })
        }
    }

    private static func account(_ line: Substring) throws(RowFault) -> ListedAccount {
        guard !line.trimmed.hasPrefix("#") else {
            throw RowFault("this comment has a link: remove the # or the link")
        }
        guard let start = line.firstIndex(ofASCII: KeyURI.scheme) else { throw other(line) }
        let front = line[..<start]
        var fields = RowFields()
        if !front.trimmed.isEmpty { fields.user = try user(front) }
        let link = try KeyURI(line[start...].trimmed)
        try link.fill(&fields, isUserGiven: fields.user != nil)
        return try fields.checked()
    }

    /// The word in front of a link. Names that are no such word come in by CSV.
    private static func user(_ front: Substring) throws(RowFault) -> String {
        let expected =
            "the user, a blank and the link are expected; for other users use csv with the "
            + "first line user,otpauth"
        guard let last = front.unicodeScalars.last, last.isBlank else {
            throw RowFault("there is no blank before the link: " + expected)
        }
        let word = front.trimmed
        guard isPlainWord(word) else {
            throw RowFault("the user before the link is not one plain word: " + expected)
        }
        return word
    }

    /// Letters and digits at both ends, so that no bullet, number of a list, quotation mark or
    /// separator passes; in between what logins, addresses and Windows domains have.
    private static func isPlainWord(_ word: String) -> Bool {
        let scalars = word.unicodeScalars
        guard let first = scalars.first, let last = scalars.last else { return false }
        return (isOfWords(first) || "+@".unicodeScalars.contains(first))
            && (isOfWords(last) || last == "$")
            && scalars.allSatisfy { isOfWords($0) || "-.+@~/\\$".unicodeScalars.contains($0) }
    }

    private static func isOfWords(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .decimalNumber:
            return true
        case _: return scalar == "_"
        }
    }

    /// Why a line without a link of ours is none.
    private static func other(_ line: Substring) -> RowFault {
        guard line.firstIndex(ofASCII: "otpauth-migration://") == nil else {
            return RowFault(
                "an otpauth-migration link has many accounts in a format of its own: export them "
                    + "one by one")
        }
        guard line.firstIndex(ofASCII: "steam://") == nil else {
            return RowFault("Steam codes are not TOTP")
        }
        return RowFault("an otpauth:// link is expected")
    }
}
