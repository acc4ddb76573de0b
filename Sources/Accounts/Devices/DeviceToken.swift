// What a remembered browser carries: a series that stays the same, and a secret that changes with
// each use. The store keeps only hashes of the two. Only the reply has the token.

import OneTimeCodes
import Secrets

/// As it is sent: `series.secret`, both in base64url.
package struct DeviceToken: Equatable, Sendable {
    /// Nobody guesses 64 bits at a few tries a minute; who knows a series has held its token.
    package static let seriesBytes = 8
    package static let secretBytes = 32
    package static let textBytes =
        Base64URL.textBytes(seriesBytes) + 1 + Base64URL.textBytes(secretBytes)

    private let series: SecretBytes
    private let secret: SecretBytes

    package init(series: SecretBytes, secret: SecretBytes) {
        // Drawn at these lengths; what a client sends goes by the other initializer.
        precondition(series.count == Self.seriesBytes && secret.count == Self.secretBytes)
        self.series = series
        self.secret = secret
    }

    package init?(_ text: String) {
        guard text.utf8.count == Self.textBytes else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let series = Base64URL.decode(parts[0]),
            let secret = Base64URL.decode(parts[1]), series.count == Self.seriesBytes,
            secret.count == Self.secretBytes
        else { return nil }
        self.series = series
        self.secret = secret
    }

    package var text: String { Base64URL.encode(series) + "." + Base64URL.encode(secret) }

    /// What the same device carries next.
    package func renewed(with secret: SecretBytes) -> DeviceToken {
        DeviceToken(series: series, secret: secret)
    }

    /// What is kept of it. A plain hash will do: there is nothing to guess in 256 random bits.
    package var proof: DeviceProof {
        let id = series.withBytes { SHA256.hash($0) }
        let both = SecretBytes(count: Self.seriesBytes + Self.secretBytes) { both in
            series.withBytes { both.copyMemory(from: $0) }
            secret.withBytes {
                UnsafeMutableRawBufferPointer(rebasing: both[Self.seriesBytes...])
                    .copyMemory(from: $0)
            }
        }
        return DeviceProof(
            id: DeviceID(rawValue: id.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }),
            digest: both.withBytes { SHA256.hash($0) })
    }
}
