// What a secret's codes are made with. A value of this type is within the limits; it must never be
// possible to make one that is not.

import Secrets

/// The hash under HOTP (RFC 6238 §1.2). The raw value is part of the record format.
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

package struct CodeParameters: Equatable, Sendable {
    /// RFC 4226 §5.3 asks for six at least; HOTP's 31 bits fill no more than eight evenly enough.
    package static let digitsRange = 6...8
    /// Seconds. Shorter gives people no time to type; NIST SP 800-63B-4 §3.1.4.1 ends at two
    /// minutes, which a period of 60 and one step either side stay close to.
    package static let periodRange = 15...60
    /// What every authenticator app does; many ignore anything else.
    package static let standard = CodeParameters(.sha1, 6, 30)

    package let algorithm: CodeAlgorithm
    package let digits: Int
    /// Seconds a step lasts.
    package let period: Int

    private init(_ algorithm: CodeAlgorithm, _ digits: Int, _ period: Int) {
        self.algorithm = algorithm
        self.digits = digits
        self.period = period
    }

    package init?(algorithm: CodeAlgorithm, digits: Int, period: Int) {
        guard Self.digitsRange.contains(digits), Self.periodRange.contains(period) else {
            return nil
        }
        self.init(algorithm, digits, period)
    }
}
