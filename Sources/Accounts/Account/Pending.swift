// An enrolment that waits for its first code.

import OneTimeCodes
import Secrets

package struct Pending: Equatable, Sendable {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    package var expiresAt: Instant
    /// Tries left outside the throttle, when a backup code began this enrolment; else nil.
    package var rescueConfirmations: Int?
    /// See `Factor.madeAfter`.
    package let madeAfter: Instant
    /// Whether it comes beside the authenticators that are there, and not in their place.
    package let adds: Bool
    /// See `Factor.name`.
    package let name: String?

    package init(
        secret: SecretBytes, parameters: CodeParameters, expiresAt: Instant,
        rescueConfirmations: Int?, madeAfter: Instant = .distantPast,
        adds: Bool = false, name: String? = nil
    ) {
        self.secret = secret
        self.parameters = parameters
        self.expiresAt = expiresAt
        self.rescueConfirmations = rescueConfirmations
        self.madeAfter = madeAfter
        self.adds = adds
        self.name = name
    }

    package func isExpired(at now: Instant) -> Bool { now >= expiresAt }
}
