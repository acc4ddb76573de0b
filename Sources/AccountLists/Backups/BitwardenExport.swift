// An export of Bitwarden in JSON, without encryption. An item without a TOTP key is no account.

enum BitwardenExport {
    static let reader = BackupList.Reader(
        format: .bitwarden, name: "an export of Bitwarden", entries: entries, account: account)

    private static func entries(_ tree: JSONTree) -> [JSONTree]? {
        guard let export = tree.fields, case .bool(false)? = export["encrypted"],
            let items = export["items"]?.elements
        else { return nil }
        return items.filter { item in
            switch item.fields?["login"]?.fields?["totp"] {
            case .none, .null: return false
            case .text(let key): return !key.isEmpty
            case .bool, .number, .array, .object: return true
            }
        }
    }

    /// A key is base32 alone, whose codes then have Bitwarden's standard parameters; or a link.
    private static func account(_ tree: JSONTree) throws(RowFault) -> ListedAccount {
        guard let item = tree.fields, let login = item["login"]?.fields else {
            preconditionFailure("an entry is an item with a login")
        }
        guard case .number("1")? = item["type"] else {
            throw RowFault(field: "type", "a login (1) is expected, as it has a TOTP key")
        }
        for (field, words) in [("deletedDate", "deleted"), ("archivedDate", "archived")] {
            guard item[field]?.isNull ?? true else {
                throw RowFault(
                    field: field,
                    "the item is \(words): restore it in Bitwarden if its codes are still asked for"
                )
            }
        }
        let entry = try BackupEntry(.object(login.filter { known.contains($0.key) }), known: known)
        let key = (try entry.text("totp") ?? "").trimmed
        guard !key.starts(withASCII: "steam://") else { throw SteamCodes.fault }
        var row = RowFields()
        if key.starts(withASCII: KeyURI.scheme) {
            try KeyURI(key).fill(&row, isUserGiven: true)
        } else {
            row.secret = key
        }
        row.user = try entry.text("username")
        return try row.checked()
    }

    /// The rest of an item, its password for one, has no part in the codes.
    private static let known: Set<String> = ["username", "totp"]
}
