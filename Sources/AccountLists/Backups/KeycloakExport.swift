// A realm that Keycloak exported with its users. A user without an OTP credential is no account.

import OneTimeCodes
import Secrets

enum KeycloakExport {
    static let reader = BackupList.Reader(
        format: .keycloak, name: "a realm export of Keycloak", entries: entries, account: account)

    private static func entries(_ tree: JSONTree) -> [JSONTree]? {
        guard let export = tree.fields, case .text? = export["realm"] else { return nil }
        return export["users"]?.elements?.filter { !credentials(of: $0).isEmpty }
    }

    /// Those that ask for a code, of whatever age.
    private static func credentials(of user: JSONTree) -> [JSONTree] {
        (user.fields?["credentials"]?.elements ?? []).filter { credential in
            guard case .text(let type)? = credential.fields?["type"] else { return false }
            return ["otp", "totp", "hotp"].contains(type)
        }
    }

    private static let known: Set<String> = [
        "id", "type", "userLabel", "createdDate", "secretData", "credentialData", "priority",
    ]
    private static let knownOfData: Set<String> = [
        "subType", "digits", "counter", "period", "algorithm", "secretEncoding",
    ]

    private static func account(_ tree: JSONTree) throws(RowFault) -> ListedAccount {
        guard let user = tree.fields, case .bool(true)? = user["enabled"] else {
            throw RowFault(field: "enabled", "the user is disabled")
        }
        let credentials = credentials(of: tree)
        guard credentials.count == 1 else {
            throw RowFault(
                field: "credentials",
                "the user has \(credentials.count) OTP credentials, and totpd keeps one")
        }
        let credential = try BackupEntry(credentials[0], known: known)
        guard try credential.text("type") == "otp" else {
            throw RowFault(field: "type", "otp is expected, as Keycloak writes it since version 8")
        }
        let secret = try BackupEntry(object(in: credential, "secretData"), known: ["value"])
        let data = try BackupEntry(object(in: credential, "credentialData"), known: knownOfData)
        try data.expectTOTP(in: "subType")
        let value = try secret.text("value") ?? ""
        var bytes = Array(value.utf8)
        defer { bytes.wipe() }
        var row = RowFields()
        if case .text(let name)? = user["username"] { row.user = name }
        switch try data.text("secretEncoding") {
        // The bytes of the text are the key.
        case nil: row.secret = Base32.encode(SecretBytes(bytes))
        case "BASE32": row.secret = value
        case _?: throw RowFault(field: "secretEncoding", "BASE32, or none, is expected")
        }
        row.algorithm = try data.text("algorithm")
        row.digits = try data.number("digits")
        row.period = try data.number("period")
        guard row.algorithm != nil, row.digits != nil, row.period != nil else {
            throw RowFault(
                field: "credentialData", "its algorithm, digits and period are expected")
        }
        return try row.checked()
    }

    /// JSON in a text of JSON.
    private static func object(
        in credential: BackupEntry, _ name: String
    ) throws(RowFault) -> JSONTree {
        do {
            return try JSONTree(try credential.text(name) ?? "")
        } catch {
            throw RowFault(field: name, "an object in JSON is expected, as a string")
        }
    }
}
