// Recognizes files of other programs that people try to import, so that the error can name the
// program. "0 accounts" would not tell anybody what to do.

struct ForeignList {
    let fault: ListFault

    private init(_ what: String, _ instead: String = expected) {
        fault = ListFault("this looks like \(what); \(instead)")
    }

    private static let expected =
        "expected otpauth links, csv with a header, pskc, ndjson (an object a line), or an "
        + "unencrypted backup of a known app"

    /// Nil for what may be a list of ours.
    init?(_ text: String, first: String) {
        let found =
            switch first.first {
            case "[": Self.json(text, "a JSON array")
            case "{" where first.hasPrefix("{\\rtf"): ForeignList("a document in RTF")
            case "{": Self.isObjectLine(first) ? nil : Self.json(text, "a JSON document")
            case "<": Self.markup(text)
            case "\"": Self.googleFile(first, text)
            case _: Self.plain(first, text)
            }
        guard let found else { return nil }
        self = found
    }

    /// A line of NDJSON ends its object; of ours, each names a user or a secret.
    private static func isObjectLine(_ first: String) -> Bool {
        first.hasSuffix("}") && (first.contains("\"user\"") || first.contains("\"secret\""))
            && !first.contains("\"entries\"") && !first.contains("\"services\"")
            && !first.contains("\"items\"") && !first.contains("\"users\"")
            && !first.contains("\"tokens\"") && !first.contains("\"credentials\"")
    }

    private static func json(_ text: String, _ what: String) -> ForeignList {
        // The names that their exports have, each with what it stands for.
        let signs = [
            ("\"servicesEncrypted\"", "an encrypted backup of 2FAS"),
            ("\"encrypted\":true", "an encrypted export of Bitwarden"),
            ("\"encrypted\": true", "an encrypted export of Bitwarden"),
            ("\"db\":\"", "an encrypted vault of Aegis"),
            ("\"db\": \"", "an encrypted vault of Aegis"),
            ("\"services\"", "a backup of 2FAS"), ("\"db\"", "a vault of Aegis"),
            ("\"tokenOrder\"", "a backup of FreeOTP"), ("\"used_frequency\"", "a backup of andOTP"),
            ("\"thumbnail\"", "a backup of andOTP"), ("\"issuerName\"", "an export of Raivo"),
            ("\"credentialData\"", "a realm export of Keycloak"),
            ("\"realm\"", "a realm export of Keycloak"), ("\"totp\"", "an export of Bitwarden"),
            ("\"encrypted\"", "an export of Bitwarden"),
        ]
        let name = signs.first { text.contains($0.0) }?.1
        return ForeignList(name.map { "\($0) (\(what))" } ?? what)
    }

    private static func markup(_ text: String) -> ForeignList? {
        if text.contains("KeyContainer") || text.hasPrefix("<?xml") { return nil }
        let isPage = text.firstIndex(ofASCII: "<html") != nil
        return ForeignList(isPage ? "a page of HTML" : "XML or HTML without a KeyContainer of PSKC")
    }

    private static func googleFile(_ first: String, _ text: String) -> ForeignList? {
        first.hasPrefix("\" ") ? .libpam : nil
    }

    private static let libpam = ForeignList(
        "a file of google-authenticator-libpam",
        "Examples/moving-in/google-authenticator makes csv of it")

    private static func plain(_ first: String, _ text: String) -> ForeignList? {
        if text.contains("\" TOTP_AUTH") || text.contains("\" HOTP_COUNTER") { return .libpam }
        if first.starts(withASCII: "HOTP") && first.contains(where: \.isWhitespace) {
            return ForeignList("a users file of pam_oath")
        }
        if first.wholeMatch(of: /dn::? .+/) != nil
            || first.wholeMatch(of: /version: ?1/) != nil && text.contains("\ndn:")
        {
            return ForeignList("LDIF, as LDAP servers export it")
        }
        if first.wholeMatch(of: mailHeader) != nil { return ForeignList("a mail") }
        if first.hasPrefix("+-") || first.hasPrefix("┌") || first.hasPrefix("*****")
            || hasRule(text)
        {
            return ForeignList("a table as people, or a database's shell, draw it")
        }
        if first == "---"
            || first.wholeMatch(of: /[A-Za-z_]+:(?: \S.*)?/) != nil
                && first.firstIndex(ofASCII: KeyURI.scheme) == nil
        {
            return ForeignList("YAML")
        }
        if first.hasPrefix("-----BEGIN ") { return ForeignList("something encrypted or signed") }
        if first.hasPrefix("age-encryption.org/") {
            return ForeignList("a file that age encrypted", "decrypt it first")
        }
        if first.firstIndex(ofASCII: "INSERT INTO") != nil
            || first.hasPrefix("-- ") || first.hasPrefix("CREATE TABLE ")
            || first.hasPrefix("COPY ") && first.hasSuffix(" FROM stdin;")
        {
            return ForeignList("a dump of a database")
        }
        return nil
    }

    /// A line of a table, of its own, above the rows: `------+------`, `|---|:--|`, `==== ====`.
    private static func hasRule(_ text: String) -> Bool {
        AccountList.lines(of: text).prefix(3).contains { line in
            let signs = line.text.utf8
            // Three alone begin YAML.
            return signs.count(where: { "-=".utf8.contains($0) }) > 3
                && signs.allSatisfy { "-=+|: ".utf8.contains($0) }
        }
    }

    private static var mailHeader: Regex<Substring> {
        /(?:From \S+@\S+ |(?:From|To|Cc|Date|Subject|Received|[A-Z][A-Za-z]+-[A-Za-z-]+): ).+/
    }
}
