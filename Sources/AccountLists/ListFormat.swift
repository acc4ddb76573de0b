// The formats that accounts can be imported from, and how the first line of a file tells them
// apart.

/// How a file lists accounts.
package enum ListFormat: String, CaseIterable, Sendable {
    /// otpauth key URIs, one a line, each with a user before it, or not.
    case otpauth
    /// RFC 4180, with a header.
    case csv
    /// RFC 6030.
    case pskc
    /// An object a line, with the fields of `import`.
    case ndjson
    /// Backups of authenticator apps, password managers and a server, in JSON.
    case aegis, andOTP = "andotp", bitwarden, freeOTP = "freeotp", keycloak, twoFAS = "2fas"

    /// What a backup is of, for people; nil for the other formats.
    package var program: String? { BackupList.name(of: self) }

    /// What a file looks like. Throws what it looks like instead, where that is none of these.
    package init(of text: String) throws(ListFault) {
        guard let first = AccountList.lines(of: text).first(where: { _ in true })?.text else {
            throw ListFault.noRow
        }
        let opening = first.trimmed.first
        if opening == "{" || opening == "[", let backup = try BackupList.format(of: text) {
            self = backup
            return
        }
        if let foreign = ForeignList(text, first: first.trimmed) { throw foreign.fault }
        switch opening {
        case "{": self = .ndjson
        case "<": self = .pskc
        case _ where first.contains("://"): self = .otpauth
        case _: self = .csv
        }
    }
}
