// A plain-text backup of andOTP.

enum AndOTPBackup {
    static let reader = BackupList.Reader(
        format: .andOTP, name: "a backup of andOTP", entries: entries, account: account)

    private static func entries(_ tree: JSONTree) -> [JSONTree]? {
        guard let entries = tree.elements, let first = entries.first?.fields,
            first["secret"] != nil, first["label"] != nil, first["type"] != nil
        else { return nil }
        return entries
    }

    private static let known: Set<String> = [
        "secret", "issuer", "label", "digits", "type", "algorithm", "thumbnail", "last_used",
        "used_frequency", "period", "counter", "tags",
    ]

    private static func account(_ tree: JSONTree) throws(RowFault) -> ListedAccount {
        let entry = try BackupEntry(tree, known: known)
        try entry.expectTOTP(in: "type")
        let label = try entry.text("label")
        // Before it had a field for the issuer, andOTP wrote `Example - ada`.
        guard label?.contains(" - ") != true else {
            throw RowFault(field: "label", "it may have the issuer in front of the user")
        }
        return try entry.account(
            label: label, issuer: entry.text("issuer"), secret: entry.text("secret"),
            algorithm: "algorithm", digits: "digits", period: "period")
    }
}
