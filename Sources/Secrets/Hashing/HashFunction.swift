// The hash functions that HMAC and one-time codes are made with.

package enum HashFunction: UInt8, CaseIterable, Sendable {
    case sha1
    case sha256
    case sha512

    /// Bytes of a digest.
    package var size: Int {
        switch self {
        case .sha1: return 20
        case .sha256: return 32
        case .sha512: return 64
        }
    }
}
