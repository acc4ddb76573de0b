// The label of a key URI, `Example:ada`, and the user in it. If the label can be read in two ways,
// the row has to name the user itself.

struct KeyURILabel {
    /// Without its escapes.
    private let decoded: String
    private let issuer: String
    /// Unescaped, where they may mean something else.
    private let hasPlainSlash: Bool
    private let hasPlainPlus: Bool
    private let isOfLink: Bool

    /// - Parameter label: as it stands in a link.
    init(_ label: Substring, issuer: String?) {
        decoded = (KeyURI.decoded(label) ?? "").trimmed
        self.issuer = (issuer ?? "").trimmed
        (hasPlainSlash, hasPlainPlus) = (label.contains("/"), label.contains("+"))
        isOfLink = true
    }

    /// - Parameter label: as an app shows it, which has no escapes.
    init(plain label: String, issuer: String?) {
        decoded = label.trimmed
        self.issuer = (issuer ?? "").trimmed
        (hasPlainSlash, hasPlainPlus, isOfLink) = (false, false, false)
    }

    /// Whether the label begins with the issuer that the link names.
    var namesIssuer: Bool { afterIssuer != nil }

    /// What follows the issuer and a colon.
    private var afterIssuer: Substring? {
        guard !issuer.isEmpty else { return nil }
        let label = decoded
        // Forms write a blank as `+` in both places, or in the label alone.
        for prefix in [issuer, String(issuer.map { $0 == " " ? "+" : $0 })]
        where label.utf8.starts(with: (prefix + ":").utf8) {
            return label[label.utf8.index(label.startIndex, offsetBy: prefix.utf8.count + 1)...]
        }
        return nil
    }

    var user: String {
        get throws(RowFault) {
            let user = try written.trimmed
            guard !user.contains("%") || !user.contains(/%[0-9A-Fa-f]{2}/) else {
                throw unclear("it was percent-encoded twice")
            }
            return user
        }
    }

    private var written: Substring {
        get throws(RowFault) {
            let label = decoded
            guard !hasPlainSlash else {
                throw unclear("it has a /; write %2F if it belongs to the name")
            }
            let name: Substring
            switch label.utf8.count(where: { $0 == UInt8(ascii: ":") }) {
            case 0:
                guard issuer.isEmpty || !label.utf8.elementsEqual(issuer.utf8) else {
                    throw unclear("it is the issuer")
                }
                name = label[...]
            case 1 where issuer.isEmpty:
                name = label.split(separator: ":", omittingEmptySubsequences: false)[1]
            default:  // Only the issuer can say which colon separates.
                guard let rest = afterIssuer, !rest.contains(":") else {
                    throw unclear("the part before the colon is not the issuer")
                }
                name = rest
            }
            guard !name.contains("+") || !hasPlainPlus else {
                throw unclear("its + may be a plus or a blank: write %2B or %20")
            }
            return name
        }
    }

    private func unclear(_ why: String) -> RowFault {
        let words =
            isOfLink
            ? "the link's label is ambiguous: \(why); put the user before the link"
            : "the account's name is ambiguous: \(why); use csv with the first line user,otpauth"
        return RowFault(field: "user", words)
    }
}
