// A backup of 2FAS that was made without a password.

enum TwoFASBackup {
    static let reader = BackupList.Reader(
        format: .twoFAS, name: "a backup of 2FAS", entries: entries, account: account)

    private static func entries(_ tree: JSONTree) -> [JSONTree]? {
        guard let backup = tree.fields, backup["schemaVersion"] != nil,
            backup["servicesEncrypted"] == nil
        else { return nil }
        return backup["services"]?.elements
    }

    private static let known: Set<String> = [
        "name", "secret", "updatedAt", "serviceTypeID", "otp", "order", "icon", "badge", "groupId",
    ]
    private static let knownOfOTP: Set<String> = [
        "label", "account", "issuer", "digits", "period", "algorithm", "tokenType", "counter",
        "source", "link",
    ]

    private static func account(_ tree: JSONTree) throws(RowFault) -> ListedAccount {
        let entry = try BackupEntry(tree, known: known)
        let otp = try BackupEntry(entry.tree("otp") ?? .null, known: knownOfOTP)
        try otp.expectTOTP(in: "tokenType")
        // The name of the service is the site's, and no user.
        try SteamCodes.refuse(issuer: entry.text("name") ?? "")
        let (account, label) = (try otp.text("account"), try otp.text("label"))
        return try otp.account(
            label: account ?? label, issuer: otp.text("issuer"),
            secret: entry.text("secret"), algorithm: "algorithm", digits: "digits",
            period: "period")
    }
}
