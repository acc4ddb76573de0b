// A vault of Aegis, exported without encryption.

enum AegisBackup {
    static let reader = BackupList.Reader(
        format: .aegis, name: "a vault of Aegis", versions: versions, entries: entries,
        account: account)

    private static let versions = BackupList.Versions(
        expected: "version 1 with a db of version 1, 2 or 3 is expected"
    ) { tree in
        guard case .number("1")? = tree.fields?["version"],
            case .number(let version)? = tree.fields?["db"]?.fields?["version"]
        else { return false }
        return ["1", "2", "3"].contains(version)
    }

    private static func entries(_ tree: JSONTree) -> [JSONTree]? {
        // Encrypted, `db` is a text.
        guard let vault = tree.fields, vault["header"] != nil, let db = vault["db"]?.fields else {
            return nil
        }
        return db["entries"]?.elements
    }

    private static let known: Set<String> = [
        "type", "uuid", "name", "issuer", "group", "groups", "note", "favorite", "icon",
        "icon_mime", "icon_hash", "info",
    ]

    private static func account(_ tree: JSONTree) throws(RowFault) -> ListedAccount {
        let entry = try BackupEntry(tree, known: known)
        try entry.expectTOTP(in: "type")
        let info = try BackupEntry(
            entry.tree("info") ?? .null, known: ["secret", "algo", "digits", "period"])
        return try info.account(
            label: entry.text("name"), issuer: entry.text("issuer"), secret: info.text("secret"),
            algorithm: "algo", digits: "digits", period: "period")
    }
}
