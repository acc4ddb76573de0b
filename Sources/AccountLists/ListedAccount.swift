// An account as another system's file lists it, checked by the daemon's own rules. It has no
// description of its own, because that would print the secret.

import Accounts
import OneTimeCodes

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
    /// Whether it comes beside the authenticators that the user has.
    package var adds = false
    /// What the user calls the authenticator.
    package var name: String?
    /// What its owner should know though it may come in.
    package let warnings: [String]

    /// How many bytes the secret has, if they are fewer than `Policy.importedSecretBytesMin`.
    package var shortBytes: Int? {
        guard let bytes = Base32.decode(secret), bytes.isShort else { return nil }
        return bytes.count
    }

    package var description: String { "<account>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
