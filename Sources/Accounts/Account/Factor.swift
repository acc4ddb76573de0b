// An authenticator: a secret that makes codes, and how.

import OneTimeCodes
import Secrets

package struct Factor: Equatable, Sendable {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    package let enrolledAt: Instant
    /// `UsedBefore.steps` when totpd made the secret, so that none of its codes was used before
    /// that; `.distantPast` where somebody else made it, or nobody knows.
    package let madeAfter: Instant
    package let id: AuthenticatorID
    /// What its owner calls it.
    package let name: String?

    package init(
        secret: SecretBytes, parameters: CodeParameters, enrolledAt: Instant,
        madeAfter: Instant = .distantPast, id: AuthenticatorID = .first, name: String? = nil
    ) {
        self.secret = secret
        self.parameters = parameters
        self.enrolledAt = enrolledAt
        self.madeAfter = madeAfter
        self.id = id
        self.name = name
    }
}
