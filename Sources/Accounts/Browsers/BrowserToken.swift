// What a known browser carries: a number and a secret. It lets nobody in, and is worth a budget of
// wrong codes of its own. The store keeps only a hash of it. Only the reply has the token.

import OneTimeCodes
import Secrets

/// As it is sent: one text in base64url.
package struct BrowserToken: Equatable, Sendable {
    static let idBytes = 8
    /// 128 bits: nobody guesses them.
    static let secretBytes = 16
    package static let bytes = idBytes + secretBytes
    package static let textBytes = Base64URL.textBytes(bytes)

    private let both: SecretBytes

    /// - Parameter bytes: drawn at random, `BrowserToken.bytes` of them.
    package init(_ bytes: SecretBytes) {
        // Drawn at this length; what a client sends goes by the other initializer.
        precondition(bytes.count == Self.bytes)
        both = bytes
    }

    package init?(_ text: String) {
        guard text.utf8.count == Self.textBytes, let bytes = Base64URL.decode(text[...]),
            bytes.count == Self.bytes
        else { return nil }
        both = bytes
    }

    package var text: String { Base64URL.encode(both) }

    /// What is kept of it. A plain hash will do: there is nothing to guess in 128 random bits.
    package var proof: BrowserProof {
        both.withBytes { bytes in
            let id = bytes.prefix(Self.idBytes).reduce(0) { $0 << 8 | UInt64($1) }
            let digest = SHA256.hash(bytes).prefix(BrowserProof.digestBytes)
            return BrowserProof(id: BrowserID(rawValue: id), digest: Array(digest))
        }
    }
}
