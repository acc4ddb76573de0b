// A code as a person typed it: its kind by its form alone, and its canonical spelling. Everything
// later sees only that, and never the text (Vault's CVE-2025-6014 and CVE-2025-6015).

import Secrets

package enum SubmittedCode: Equatable, Sendable {
    case totp(TOTPCode)
    case backup(BackupCode)

    /// Removes ASCII spaces and hyphens, which apps show and people copy; refuses all else that is
    /// not a code's own alphabet, so that no two texts differ in anything but those.
    package init?(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for byte in text.utf8 where byte != UInt8(ascii: " ") && byte != UInt8(ascii: "-") {
            // One more than the longest code: no need to read on.
            guard bytes.count < BackupCode.length else { return nil }
            bytes.append(byte)
        }
        defer { bytes.wipe() }
        if let code = TOTPCode(bytes) {
            self = .totp(code)
        } else if let code = BackupCode(bytes) {
            self = .backup(code)
        } else {
            return nil
        }
    }
}
