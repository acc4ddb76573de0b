// The hash under HOTP (RFC 6238 §1.2). The raw value is part of the record format.

import Secrets

package enum CodeAlgorithm: UInt8, CaseIterable, Sendable {
    case sha1 = 1
    case sha256 = 2
    case sha512 = 3

    /// As the key URI and the protocol spell it.
    package var name: String {
        switch self {
        case .sha1: return "SHA1"
        case .sha256: return "SHA256"
        case .sha512: return "SHA512"
        }
    }

    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    var hash: HashFunction {
        switch self {
        case .sha1: return .sha1
        case .sha256: return .sha256
        case .sha512: return .sha512
        }
    }

    /// A new secret is as long as the hash (RFC 6238 §5.1): 20, 32 or 64 bytes.
    package var secretBytes: Int { hash.size }
}
