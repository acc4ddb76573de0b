// An otpauth key URI (Key URI Format in Google Authenticator's wiki), read to its last character.
// An unknown parameter is an error, because it might change the codes. So is HOTP.

struct KeyURI {
    static let scheme = "otpauth://"

    /// Between the type and the parameters, as it was written.
    private let label: Substring
    private let parameters: [Parameter: String]

    enum Parameter: String, Hashable {
        case secret, algorithm, digits, period, issuer
        /// HOTP's, which some write anyway: a TOTP app does not look at it.
        case counter
        /// How an app shows the account.
        case image, icon, logo, color, lock, codeDisplay = "codedisplay"
    }

    init(_ text: String) throws(RowFault) {
        guard text.starts(withASCII: Self.scheme) else {
            throw RowFault("an otpauth:// link is expected")
        }
        try Self.refuseForeign(text)
        let rest = text[text.utf8.index(text.startIndex, offsetBy: Self.scheme.utf8.count)...]
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0]
        let typeEnd = path.firstIndex(of: "/") ?? path.endIndex
        let type = path[..<typeEnd].lowercased()
        guard type != "steam" else { throw SteamCodes.fault }
        guard type == "totp" else {
            throw RowFault("only TOTP is supported, not '\(type == "hotp" ? "hotp" : "?")'")
        }
        label = path[typeEnd...].dropFirst()
        guard Self.decoded(label) != nil else {
            throw RowFault("the link is malformed: two hexadecimal digits are expected after %")
        }
        let query = parts.count == 2 ? parts[1] : ""
        try Self.refuseQuotedPrintable(query)
        parameters = try Self.parameters(query)
        try refuseOtherCase(query)
        try refuseTail(query)
        try refuseOtherCodes()
    }

    /// Some apps read `Digits=8` and show eight digits; others, Google Authenticator for one, pass
    /// it over and show six. Of `SECRET=`, the latter show nothing at all.
    private func refuseOtherCase(_ query: Substring) throws(RowFault) {
        let names = query.split(separator: "&").map { $0.prefix { $0 != "=" } }
        for (parameter, usual) in [(Parameter.algorithm, "SHA1"), (.digits, "6"), (.period, "30")] {
            guard let value = parameters[parameter], value.uppercased() != usual,
                !names.contains(parameter.rawValue[...])
            else { continue }
            throw RowFault(
                field: parameter.rawValue,
                "the link has its name in capitals, which some apps read and others pass over: "
                    + "write it as the person's app understood it")
        }
    }

    /// What says that the codes are not those of RFC 6238, though the type says that they are.
    private func refuseOtherCodes() throws(RowFault) {
        try SteamCodes.refuse(issuer: parameters[.issuer] ?? "")
        let name = Self.decoded(label) ?? ""
        if let colon = name.firstIndex(of: ":") {
            try SteamCodes.refuse(issuer: String(name[..<colon]))
        }
        guard ["", "0"].contains(parameters[.counter] ?? "") else {
            throw RowFault(
                field: "counter", "a token with a counter is not a TOTP token (it is HOTP's)")
        }
    }

    /// Takes the link's part of a row over.
    func fill(_ fields: inout RowFields, isUserGiven: Bool) throws(RowFault) {
        fields.secret = parameters[.secret]
        fields.algorithm = parameters[.algorithm]
        fields.digits = parameters[.digits]
        fields.period = parameters[.period]
        if !isUserGiven { fields.user = try KeyURILabel(label, issuer: parameters[.issuer]).user }
    }

    // MARK: Well-formedness

    /// What no link has (RFC 3986), and what shows that it is one no longer, or more than one.
    private static func refuseForeign(_ text: String) throws(RowFault) {
        guard text.dropFirst().firstIndex(ofASCII: scheme) == nil else {
            throw RowFault("the row has two links")
        }
        guard !UserName.hasEntity(text) else {
            throw RowFault("the link has an HTML entity: write & for &amp;")
        }
        guard !text.hasSuffix("...") && !text.hasSuffix("…") else {
            throw RowFault("the link is cut short, as the dots at its end say")
        }
        guard !text.contains("#") else {
            throw RowFault("the link has a #: write %23, or remove what comes after it")
        }
        let isForeign = text.unicodeScalars.contains {
            $0.value < 0x20 || $0.value == 0x7f || excluded.contains($0)
                || $0.value >= 0x80 && $0.isBlank
        }
        guard !isForeign else {
            throw RowFault(
                "the link has a character that is not allowed in links, or something comes after it"
            )
        }
    }

    private static let excluded = Set("\"<>\\^`{|}".unicodeScalars)

    /// With `+` left as it is; nil where % does not begin two hexadecimal digits, or the bytes are
    /// no UTF-8.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16),
                digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-")
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    // MARK: Parameters

    /// Mail writes `=3D` for `=`, and `3D` is base32 as well. Where each value begins with it, that
    /// is hardly the secret's own beginning.
    private static func refuseQuotedPrintable(_ query: Substring) throws(RowFault) {
        let values = query.split(separator: "&").compactMap { part -> Substring? in
            part.firstIndex(of: "=").map { part[part.index(after: $0)...] }
        }
        guard values.isEmpty || !values.allSatisfy({ $0.hasPrefix("3D") }) else {
            throw RowFault(
                "the link is quoted-printable (=3D for =), as mail is: decode it; if its secret "
                    + "begins with 3D, use csv with the first line user,secret")
        }
    }

    private static func parameters(_ query: Substring) throws(RowFault) -> [Parameter: String] {
        var parameters: [Parameter: String] = [:]
        for (index, part) in query.split(separator: "&").enumerated() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let parameter = Parameter(rawValue: pair[0].lowercased()) else {
                if part.lowercased() == "encoder=steam" { throw SteamCodes.fault }
                let name = ShownName.quoted(String(pair[0])) ?? "number \(index + 1)"
                throw RowFault("the link has an unknown parameter \(name)")
            }
            let name = parameter.rawValue
            guard parameters[parameter] == nil else { throw RowFault(field: name, twice) }
            guard pair.count == 2, let value = decoded(blanks(pair[1], in: parameter)) else {
                throw RowFault(field: name, "this part of the link is malformed")
            }
            guard !value.contains("=") || !value.contains(hidden) else {
                throw RowFault(field: name, hiding)
            }
            guard parameter.mayBeEmpty || !value.trimmed.isEmpty else {
                throw RowFault(field: name, "it is empty")
            }
            parameters[parameter] = value
        }
        return parameters
    }

    private static let twice = "the link has it twice"
    private static let hiding = "its value contains another parameter: write & between them"
    private static var hidden: Regex<Substring> {
        /(?i:secret|algorithm|digits|period|issuer|counter)=/
    }

    /// Forms write a blank as `+` (application/x-www-form-urlencoded); in base32 it can be nothing
    /// else, and in an issuer it does not matter.
    private static func blanks(_ value: Substring, in parameter: Parameter) -> String {
        guard parameter == .secret || parameter == .issuer else { return String(value) }
        return String(value.map { $0 == "+" ? " " : $0 })
    }

    /// What stands behind a link on its line, such as a user or a remark, would be taken for the
    /// end of its last value.
    private func refuseTail(_ query: Substring) throws(RowFault) {
        let last = query.split(separator: "&").last ?? ""
        let value = last.drop { $0 != "=" }.dropFirst()
        guard value.contains(where: { " ,;".contains($0) }) else { return }
        let isIssuer = last.starts(withASCII: "issuer=")
        guard isIssuer, KeyURILabel(label, issuer: parameters[.issuer]).namesIssuer else {
            throw RowFault(
                "something comes after the link, or a blank, comma or semicolon of its last "
                    + "value is not written as %20, %2C or %3B")
        }
    }
}

extension KeyURI.Parameter {
    /// Whether it has no part in the codes.
    fileprivate var mayBeEmpty: Bool {
        switch self {
        case .secret, .algorithm, .digits, .period: false
        case .issuer, .counter, .image, .icon, .logo, .color, .lock, .codeDisplay: true
        }
    }
}
