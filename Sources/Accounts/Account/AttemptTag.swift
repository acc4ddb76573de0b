// The client's `attempt`, and the operation and the code that came with it, as hashes.

import Secrets

package struct AttemptTag: Equatable, Sendable {
    package static let bytes = 16
    package let attempt: [UInt8]
    package let code: [UInt8]

    package init(attempt: [UInt8], code: [UInt8]) {
        self.attempt = attempt
        self.code = code
    }

    /// Operation and code are hashed under the client's random `attempt`, which is not kept.
    package init(attempt: String, operation: String, canonicalCode: String) {
        let key = Array(attempt.utf8)
        let code = Array(operation.utf8) + [0] + Array(canonicalCode.utf8)
        self.attempt = key.withUnsafeBytes { Array(SHA256.hash($0).prefix(Self.bytes)) }
        self.code = key.withUnsafeBytes { key in
            code.withUnsafeBytes { Array(HMAC.sha256(key: key, $0).prefix(Self.bytes)) }
        }
    }
}
