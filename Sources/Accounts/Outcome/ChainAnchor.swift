// Where the chain of events once ended, as it is written down outside of totpd. Whoever puts an
// older store back cannot take that back.

import Secrets

package struct ChainAnchor: Equatable, Sendable, CustomStringConvertible {
    package static let hashBytes = 32

    /// Of the last event.
    package let sequence: UInt64
    /// SHA-256 of the record that ends with it.
    package let hash: [UInt8]

    package init(sequence: UInt64, hash: [UInt8]) {
        (self.sequence, self.hash) = (sequence, hash)
    }

    /// Nil for what `description` does not say.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, let digits = String(parts[0]), let sequence = UInt64(digits),
            "\(sequence)" == digits
        else { return nil }
        var hash = [UInt8](repeating: 0, count: Self.hashBytes)
        let isHash = Array(parts[1]).withUnsafeBytes { digits in
            hash.withUnsafeMutableBytes { Hex.decode(digits, into: $0) }
        }
        guard isHash else { return nil }
        (self.sequence, self.hash) = (sequence, hash)
    }

    /// The number, a colon, and 64 hexadecimal digits.
    package var description: String { "\(sequence):\(Hex.encode(hash))" }
}
