// An entry in the backup of an authenticator app: an object whose fields are all accounted for. A
// field that is not known might change the codes.

import OneTimeCodes

struct BackupEntry {
    private let fields: [String: JSONTree]

    /// - Parameter known: every field that an entry may have.
    init(_ tree: JSONTree, known: Set<String>) throws(RowFault) {
        guard let fields = tree.fields else { throw RowFault("an object is expected") }
        if let unknown = fields.keys.sorted().first(where: { !known.contains($0) }) {
            let name = ShownName.quoted(unknown)
            throw RowFault(name.map { "there is no field \($0) here" } ?? "a field is unknown")
        }
        self.fields = fields
    }

    /// Nil when it is absent or null.
    func text(_ name: String) throws(RowFault) -> String? {
        switch fields[name] {
        case .none, .null: return nil
        case .text(let text): return text
        case .bool, .number, .array, .object:
            throw RowFault(field: name, "a string is expected")
        }
    }

    /// As it was written; nil when it is absent or null.
    func number(_ name: String) throws(RowFault) -> String? {
        switch fields[name] {
        case .none, .null: return nil
        case .number(let number): return number
        case .bool, .text, .array, .object:
            throw RowFault(field: name, "a number is expected")
        }
    }

    func tree(_ name: String) -> JSONTree? { fields[name] }

    /// Throws unless the entry says that its codes are those of RFC 6238.
    func expectTOTP(in name: String) throws(RowFault) {
        let type = try text(name)?.lowercased()
        guard type != "steam" else { throw SteamCodes.fault }
        guard type == "totp" else {
            throw RowFault(field: name, "only TOTP is supported")
        }
        guard ["0", nil].contains(try number("counter")) else {
            throw RowFault(field: "counter", "a token with a counter is not a TOTP token")
        }
    }

    /// What every app has, under the names that this one gives it. `label` is what the app shows
    /// as the account.
    func account(
        label: String?, issuer: String?, secret: String?, algorithm: String, digits: String,
        period: String
    ) throws(RowFault) -> ListedAccount {
        try SteamCodes.refuse(issuer: issuer ?? "")
        var row = RowFields()
        row.user = try KeyURILabel(plain: label ?? "", issuer: issuer).user
        row.secret = secret
        row.algorithm = try said(text(algorithm), algorithm)
        row.digits = try said(number(digits), digits)
        row.period = try said(number(period), period)
        return try row.checked()
    }

    /// An app writes them always; where one is missing, nobody knows what the app would show.
    private func said(_ value: String?, _ name: String) throws(RowFault) -> String {
        guard let value, !value.isEmpty else { throw RowFault(field: name, "it is missing") }
        return value
    }
}
