// A code as a person typed it: its kind by its form alone, and its canonical spelling. Everything
// later sees only that, and never the text (Vault's CVE-2025-6014 and CVE-2025-6015).

import Secrets

package enum SubmittedCode: Equatable, Sendable {
    case totp(TOTPCode)
    case backup(BackupCode)

    /// Removes ASCII spaces and hyphens, which apps show and people copy; refuses all else that is
    /// not a code's own alphabet, so that no two texts differ in anything but those.
    package init?(_ text: String) {
        var text = text
        guard let code = text.withUTF8({ SubmittedCode($0) }) else { return nil }
        self = code
    }

    private init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        let typed = bytes.lazy.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        if let code = TOTPCode(typed) {
            self = .totp(code)
            return
        }
        // One more than the longest code: no need to read on.
        var bytes = Array(typed.prefix(BackupCode.length + 1))
        defer { bytes.wipe() }
        guard let code = BackupCode(bytes) else { return nil }
        self = .backup(code)
    }
}
