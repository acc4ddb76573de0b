// otpauth key URIs, as authenticator apps and many servers write them (Key URI Format of Google
// Authenticator's wiki). HOTP must never be taken for TOTP.

import Foundation

enum KeyURIList {
    /// A line is `URI`, or `USER URI`: the app's own name of a user is seldom what the URI shows.
    static func read(_ text: String, _ body: (ListRow) throws -> Void) throws {
        for line in AccountList.lines(of: text) {
            try body(ListRow(line.number) { () throws(RowFault) in try account(line.text) })
        }
    }

    private static func account(_ line: Substring) throws(RowFault) -> ListedAccount {
        guard let start = line.range(of: "otpauth://")?.lowerBound else {
            let isMigration = line.contains("otpauth-migration://")
            throw RowFault(
                isMigration
                    ? "an otpauth-migration link holds many accounts in a form of its own: export "
                        + "them one by one"
                    : "an otpauth:// link is expected")
        }
        let user = line[..<start].trimmingCharacters(in: .whitespaces)
        let link = line[start...].trimmingCharacters(in: .whitespaces)
        guard let parts = URLComponents(string: link) else {
            throw RowFault("the link is not well formed")
        }
        guard parts.host?.lowercased() == "totp" else {
            throw RowFault(
                "only TOTP has a place here, not '\(parts.host == "hotp" ? "hotp" : "?")'")
        }
        var fields = RowFields()
        fields.user = user.isEmpty ? name(inLabel: parts.path) : user
        for item in parts.queryItems ?? [] {
            switch item.name.lowercased() {
            case "secret": fields.secret = item.value
            case "algorithm": fields.algorithm = item.value
            case "digits": fields.digits = item.value
            case "period": fields.period = item.value
            case _: continue  // issuer, image and what apps add: nothing an account is made of.
            }
        }
        return try fields.checked()
    }

    /// The account's name behind the issuer, as in `/Example:ada`.
    private static func name(inLabel path: String) -> String {
        let label = path.drop { $0 == "/" }
        let name = label.split(separator: ":", maxSplits: 1).last ?? label
        return name.trimmingCharacters(in: .whitespaces)
    }
}
