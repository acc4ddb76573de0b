// A backup of FreeOTP+ in JSON. Secrets are lists of bytes, which Java counts from -128 to 127.

import OneTimeCodes
import Secrets

enum FreeOTPBackup {
    static let reader = BackupList.Reader(
        format: .freeOTP, name: "a backup of FreeOTP+", entries: entries, account: account)

    private static func entries(_ tree: JSONTree) -> [JSONTree]? {
        guard let backup = tree.fields, backup["tokenOrder"] != nil else { return nil }
        return backup["tokens"]?.elements
    }

    private static let known: Set<String> = [
        "algo", "counter", "digits", "image", "imageAlt", "issuerAlt", "issuerExt", "issuerInt",
        "label", "labelAlt", "period", "secret", "type",
    ]

    private static func account(_ tree: JSONTree) throws(RowFault) -> ListedAccount {
        let entry = try BackupEntry(tree, known: known)
        try entry.expectTOTP(in: "type")
        return try entry.account(
            label: entry.text("label"), issuer: entry.text("issuerExt"),
            secret: secret(entry.tree("secret")), algorithm: "algo", digits: "digits",
            period: "period")
    }

    private static func secret(_ tree: JSONTree?) throws(RowFault) -> String {
        let expected = RowFault(field: "secret", "a list of numbers from -128 to 127 is expected")
        guard let elements = tree?.elements, !elements.isEmpty else { throw expected }
        var values: [UInt8] = []
        defer { values.wipe() }
        values.reserveCapacity(elements.count)
        for element in elements {
            guard case .number(let text) = element, let value = Int8(text) else { throw expected }
            values.append(UInt8(bitPattern: value))
        }
        return Base32.encode(SecretBytes(values))
    }
}
