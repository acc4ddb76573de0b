// A backup of 2FAS that was made without a password.

enum TwoFASBackup {
    static let reader = BackupList.Reader(
        format: .twoFAS, name: "a backup of 2FAS", versions: versions, entries: entries,
        account: account)

    /// Before 3, an entry did not say whether it was TOTP.
    private static let versions = BackupList.Versions(
        expected: "schemaVersion 3 or 4 is expected"
    ) { tree in
        guard case .number(let version)? = tree.fields?["schemaVersion"] else { return false }
        return ["3", "4"].contains(version)
    }

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
        let names = try [otp.text("account"), otp.text("label")].compactMap { $0 }
            .filter { !$0.trimmed.isEmpty }
        let account = try otp.account(
            label: names.first, issuer: otp.text("issuer"), secret: entry.text("secret"),
            algorithm: "algorithm", digits: "digits", period: "period")
        if names.count == 2, !names[0].utf8.elementsEqual(names[1].utf8) {
            let label = KeyURILabel(plain: names[1], issuer: try otp.text("issuer"))
            try expect("label", try label.user.utf8.elementsEqual(account.user.utf8))
        }
        if let link = try otp.text("link"), !link.isEmpty { try expect(link, toSay: account) }
        return account
    }

    /// An entry keeps the link that it was made of. Which of the two the app's codes are of, where
    /// they differ, nobody can tell.
    private static func expect(_ link: String, toSay account: ListedAccount) throws(RowFault) {
        var fields = RowFields()
        try KeyURI(link).fill(&fields, isUserGiven: false)
        let linked = try fields.checked()
        try expect("secret", linked.secret == account.secret)
        try expect("algorithm", linked.parameters.algorithm == account.parameters.algorithm)
        try expect("digits", linked.parameters.digits == account.parameters.digits)
        try expect("period", linked.parameters.period == account.parameters.period)
        try expect("account", linked.user.utf8.elementsEqual(account.user.utf8))
    }

    private static func expect(_ field: String, _ isSame: Bool) throws(RowFault) {
        guard isSame else {
            throw RowFault(field: field, "two parts of the entry contradict each other in this")
        }
    }
}
