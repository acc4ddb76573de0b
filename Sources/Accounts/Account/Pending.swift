// An enrolment that waits for its first code.

import OneTimeCodes
import Secrets

package struct Pending: Equatable, Sendable {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    package let expiresAt: Instant
    /// Tries left outside the throttle, when a backup code began this enrolment; else nil.
    package var rescueConfirmations: Int?
    /// See `Factor.madeAfter`.
    package let madeAfter: Instant

    package init(
        secret: SecretBytes, parameters: CodeParameters, expiresAt: Instant,
        rescueConfirmations: Int?, madeAfter: Instant = .distantPast
    ) {
        self.secret = secret
        self.parameters = parameters
        self.expiresAt = expiresAt
        self.rescueConfirmations = rescueConfirmations
        self.madeAfter = madeAfter
    }

    package func isExpired(at now: Instant) -> Bool { now >= expiresAt }
}
