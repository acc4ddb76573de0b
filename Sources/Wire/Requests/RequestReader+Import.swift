// What `import` asks for: a secret that somebody has already, and how it comes in.

import Accounts
import OneTimeCodes
import Secrets

extension RequestReader {
    static func importFactor(_ reader: Self) throws(Refusal) -> AskedOperation {
        let codes = try reader.backupCodes()
        let operation = try reader.importFactor(hasBackupCodes: !codes.isEmpty)
        var asked = AskedOperation(.complete(operation))
        asked.details.backupCodes = codes
        asked.details.isDryRun = operation.isDryRun
        return asked
    }

    private func importFactor(hasBackupCodes: Bool) throws(Refusal) -> Import {
        let limits = Policy.shortSecretBytesMin...Policy.importedSecretBytesMax
        // Room for a space after every fourth character, and for padding.
        let textMax = Policy.importedSecretBytesMax * 8 / 5 * 5 / 4 + 8
        let text = try fields.require(.secret, fields.text(.secret, bytes: 1...textMax))
        guard let secret = Base32.decode(text), limits.contains(secret.count) else {
            throw Fields.refusal(
                .secret,
                "base32 of \(Policy.importedSecretBytesMin) to \(limits.upperBound) bytes"
                    + " is expected"
            )
        }
        return Import(
            secret: secret, parameters: try parameters().over(.standard),
            lastStep: try fields.integer(.lastStep, 0...Self.stepMax),
            replaces: try fields.flag(.replace) ?? false, hasBackupCodes: hasBackupCodes,
            isDryRun: try fields.flag(.dryRun) ?? false, adds: try adds(hasBackupCodes),
            name: try authenticatorName(), allowsShort: try fields.flag(.allowShort) ?? false)
    }

    /// An authenticator beside others brings no backup codes: the account has its own.
    private func adds(_ hasBackupCodes: Bool) throws(Refusal) -> Bool {
        guard try fields.flag(.add) ?? false else { return false }
        guard !hasBackupCodes, try fields.flag(.replace) != true else {
            throw Fields.refusal(.add, "neither replace nor backup_codes go with it")
        }
        return true
    }

    /// Some of totpd's own form: of no other can a login page tell what was typed.
    private func backupCodes() throws(Refusal) -> [BackupCode] {
        guard let value = fields[.backupCodes] else { return [] }
        let detail =
            "1 to \(Policy.backupCodes) different backup codes as totpd makes them are expected"
        guard case .array(let texts) = value, 1...Policy.backupCodes ~= texts.count else {
            throw Fields.refusal(.backupCodes, detail)
        }
        var codes: [BackupCode] = []
        for text in texts {
            guard case .string(let text) = text, case .backup(let code)? = SubmittedCode(text),
                !codes.contains(code)
            else { throw Fields.refusal(.backupCodes, detail) }
            codes.append(code)
        }
        return codes
    }

    /// Far past any clock, and small enough that a step's moment in milliseconds does not overflow.
    private static let stepMax: Int64 = 1 << 40
}
