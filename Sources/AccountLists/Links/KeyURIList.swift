// otpauth key URIs, one a line. One word before the link is the user. Anything else before it is an
// error, because then the file is a list of another format.

enum KeyURIList {
    /// A line is `URI`, or `USER URI`: the app's own name of a user is seldom what the URI shows.
    static func read(_ text: String, _ body: (ListRow) throws -> Void) throws {
        try expectWholeExports(text)
        var lines = AccountList.lines(of: text).makeIterator()
        var before: AccountList.Line?
        var line = lines.next()
        while let this = line {
            let after = lines.next()
            for row in rows(this, between: before, after) { try body(row) }
            (before, line) = (this, after)
        }
    }

    private static func expectWholeExports(_ text: String) throws(ListFault) {
        var batches = MigrationBatches()
        for line in AccountList.lines(of: text) {
            guard line.text.firstIndex(ofASCII: MigrationLink.scheme) != nil else { continue }
            do throws(RowFault) {
                batches.add(try MigrationLink(line.text.trimmed))
            } catch {
                // Its row says what is wrong.
                continue
            }
        }
        try batches.expectWhole()
    }

    /// A link has one account, or those of a migration link.
    private static func rows(
        _ line: AccountList.Line, between before: AccountList.Line?, _ after: AccountList.Line?
    ) -> [ListRow] {
        guard line.text.firstIndex(ofASCII: MigrationLink.scheme) != nil else {
            return [
                ListRow(line.number) { () throws(RowFault) in
                    try account(line, between: before, after)
                }
            ]
        }
        do throws(RowFault) {
            let link = try MigrationLink(line.text.trimmed)
            try refuseDivided(before, after)
            guard !line.isCutShort else { throw RowFault.cutShort }
            return link.accounts.map { account in
                ListRow(line.number) { () throws(RowFault) in try account.get() }
            }
        } catch {
            let fault = error
            return [ListRow(line.number) { () throws(RowFault) in throw fault }]
        }
    }

    private static func account(
        _ line: AccountList.Line, between before: AccountList.Line?, _ after: AccountList.Line?
    ) throws(RowFault) -> ListedAccount {
        let text = line.text
        guard !text.trimmed.hasPrefix("#") else {
            throw RowFault("this comment has a link: remove the # or the link")
        }
        guard let start = text.firstIndex(ofASCII: KeyURI.scheme) else { throw other(text) }
        let front = text[..<start]
        var fields = RowFields()
        if !front.trimmed.isEmpty { fields.user = try user(front) }
        let link = try KeyURI(text[start...].trimmed)
        try refuseDivided(before, after)
        guard !line.isCutShort else { throw RowFault.cutShort }
        try link.fill(&fields, isUserGiven: fields.user != nil)
        return try fields.checked()
    }

    /// Mail programs and terminals break long lines. What lies beside a link could be its
    /// parameters or its user.
    private static func refuseDivided(
        _ before: AccountList.Line?, _ after: AccountList.Line?
    ) throws(RowFault) {
        if let after, isPart(after.text) {
            throw RowFault(
                "the next line is no link, and may be the rest of this one: write each link in "
                    + "one line, and # before a remark")
        }
        if let before, isPart(before.text) {
            throw RowFault(
                "the line before is no link, and may be the start of this one: write each link "
                    + "and its user in one line, and # before a remark")
        }
    }

    private static func isPart(_ line: Substring) -> Bool {
        [KeyURI.scheme, MigrationLink.scheme, steam]
            .allSatisfy { line.firstIndex(ofASCII: $0) == nil }
    }

    private static let steam = "steam://"

    /// The word in front of a link. Names that are no such word come in by CSV.
    private static func user(_ front: Substring) throws(RowFault) -> String {
        let expected =
            "the user, a blank and the link are expected; for other users use csv with the "
            + "first line user,otpauth"
        guard let last = front.unicodeScalars.last, last == " " || last == "\t" else {
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
        guard line.firstIndex(ofASCII: steam) == nil else { return SteamCodes.fault }
        guard line.firstIndex(ofASCII: "otpauth%3A") == nil else {
            return RowFault("the link is percent-encoded as a whole: decode it once")
        }
        return RowFault("an otpauth:// link is expected")
    }
}
