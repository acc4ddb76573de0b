// An account as another system's file lists it, checked by the rules that the daemon will check it
// by. It must never describe itself: its secret would be in the text.

import Accounts
import OneTimeCodes
import Secrets

package struct ListedAccount: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Nil where the file does not say; whoever imports knows.
    package let app: String?
    package let user: String
    /// Base32, as it goes over the socket.
    package let secret: String
    package let parameters: CodeParameters
    /// The newest step that was accepted elsewhere.
    package let lastStep: Int?
    /// As they go over the socket.
    package let backupCodes: [String]?

    package var description: String { "<account>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The fields of a row as they were written; `checked` makes an account of them.
struct RowFields {
    var app: String?
    var user: String?
    /// Base32.
    var secret: String?
    var secretHex: String?
    var algorithm: String?
    var digits: String?
    var period: String?
    var lastStep: String?
    var backupCodes: [String]?

    func checked() throws(RowFault) -> ListedAccount {
        let app = try nonEmpty(app).map(Self.checked(app:))
        guard let user = nonEmpty(user) else { throw RowFault(field: "user", "it is missing") }
        guard AccountName(app: .standard, user: user) != nil else {
            throw RowFault(
                field: "user",
                "1 to \(Policy.userBytesMax) bytes without control characters are expected")
        }
        return ListedAccount(
            app: app, user: user, secret: try checkedSecret(), parameters: try checkedParameters(),
            lastStep: try number(lastStep, "last_step", 0...(1 << 40)),
            backupCodes: try checkedBackupCodes())
    }

    private static func checked(app: String) throws(RowFault) -> String {
        guard AppName(app) != nil else {
            throw RowFault(field: "app", "letters a-z, digits and . _ - are expected")
        }
        return app
    }

    private func checkedSecret() throws(RowFault) -> String {
        let bytes: SecretBytes?
        if let secretHex = nonEmpty(secretHex) {
            guard nonEmpty(secret) == nil else {
                throw RowFault(field: "secret", "it is there twice, as base32 and as hexadecimal")
            }
            bytes = Self.bytes(hex: secretHex)
        } else if let secret = nonEmpty(secret) {
            bytes = Base32.decode(secret)
        } else {
            throw RowFault(field: "secret", "it is missing")
        }
        let limits = Policy.importedSecretBytesMin...Policy.importedSecretBytesMax
        guard let bytes, limits.contains(bytes.count) else {
            throw RowFault(
                field: "secret",
                "\(limits.lowerBound) to \(limits.upperBound) bytes, in base32 (or hexadecimal, "
                    + "where the format has that), are expected")
        }
        return Base32.encode(bytes)
    }

    private func checkedBackupCodes() throws(RowFault) -> [String]? {
        guard let backupCodes else { return nil }
        var codes: [BackupCode] = []
        for text in backupCodes {
            guard case .backup(let code)? = SubmittedCode(text), !codes.contains(code) else {
                break
            }
            codes.append(code)
        }
        guard 1...Policy.backupCodes ~= codes.count, codes.count == backupCodes.count else {
            throw RowFault(
                field: "backup_codes",
                "1 to \(Policy.backupCodes) different backup codes as totpd makes them are expected"
            )
        }
        return codes.map(\.text)
    }

    private static func bytes(hex: String) -> SecretBytes? {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 2), !digits.isEmpty else { return nil }
        var isHex = true
        let bytes = SecretBytes(count: digits.count / 2) { output in
            isHex = digits.withUnsafeBytes { Hex.decode($0, into: output) }
        }
        return isHex ? bytes : nil
    }

    private func checkedParameters() throws(RowFault) -> CodeParameters {
        let standard = CodeParameters.standard
        let word = nonEmpty(algorithm)?.uppercased().filter { $0 != "-" && $0 != "_" }
        // Some write the hash's name, some the construction's.
        let name = word.map { $0.hasPrefix("HMAC") ? String($0.dropFirst(4)) : $0 }
        let chosen = name.map { name in CodeAlgorithm.allCases.first { $0.name == name } }
        guard let algorithm = chosen ?? standard.algorithm else {
            throw RowFault(field: "algorithm", "SHA1, SHA256 or SHA512 is expected")
        }
        let digits = try number(digits, "digits", CodeParameters.digitsRange) ?? standard.digits
        let period = try number(period, "period", CodeParameters.periodRange) ?? standard.period
        guard
            let parameters = CodeParameters(algorithm: algorithm, digits: digits, period: period)
        else { preconditionFailure("both ranges were checked") }
        return parameters
    }

    private func number(
        _ text: String?, _ field: String, _ range: ClosedRange<Int>
    ) throws(RowFault) -> Int? {
        guard let text = nonEmpty(text) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw RowFault(
                field: field,
                "a number from \(range.lowerBound) to \(range.upperBound) is expected")
        }
        return number
    }

    /// An empty cell says nothing.
    private func nonEmpty(_ text: String?) -> String? { text == "" ? nil : text }
}

/// What is wrong with a row. It must never repeat what the row says: that may be a secret.
package struct RowFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let field: String?
    package let text: String

    init(field: String? = nil, _ text: String) {
        self.field = field
        self.text = text
    }

    package var description: String { field.map { "\($0): \(text)" } ?? text }
}

/// A row of a file: where it stands, and what it says.
package struct ListRow: Sendable {
    /// From 1: the line it stands in, or, in PSKC, the number of its key package.
    package let number: Int
    package let account: Result<ListedAccount, RowFault>

    init(_ number: Int, _ body: () throws(RowFault) -> ListedAccount) {
        self.number = number
        do throws(RowFault) {
            account = .success(try body())
        } catch {
            account = .failure(error)
        }
    }
}
