// Slow work that was done outside, brought along to the decision.

package struct Prepared: Sendable {
    package struct BackupCodeHash: Sendable {
        package let salt: [UInt8]
        package let hash: [UInt8]

        package init(salt: [UInt8], hash: [UInt8]) {
            self.salt = salt
            self.hash = hash
        }
    }

    package var submitted: BackupCodeHash?
    package var newBackupCodes: BackupCodeSet?

    package init(submitted: BackupCodeHash? = nil, newBackupCodes: BackupCodeSet? = nil) {
        self.submitted = submitted
        self.newBackupCodes = newBackupCodes
    }

    package static let nothing = Prepared()
}
