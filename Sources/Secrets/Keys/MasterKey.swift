// Master keys as an operator keeps them: a line of text each. Only `MasterKey.line` shows a key,
// because it exists to write the key file.

/// A 32-byte key with a name that is no secret.
package struct MasterKey: Sendable {
    /// Four random bytes: enough to tell the few keys of one host apart.
    package let id: KeyID
    package let key: SecretBytes

    package init(id: KeyID, key: SecretBytes) {
        self.id = id
        self.key = key
    }

    package static func generate() -> MasterKey {
        MasterKey(id: .random(), key: Randomness.secret(SealingKey.keyBytes))
    }

    static let prefix = "totpd-master-key-1"

    /// `totpd-master-key-1 ID KEY`, in hexadecimal: the line `KeyRing` reads. It is the secret
    /// itself.
    package var line: String {
        key.withBytes { "\(Self.prefix) \(id) \(Hex.encode($0))" }
    }
}
