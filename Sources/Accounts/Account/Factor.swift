// A secret that makes codes, and how.

import OneTimeCodes
import Secrets

package struct Factor: Equatable, Sendable {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    package let enrolledAt: Instant

    package init(secret: SecretBytes, parameters: CodeParameters, enrolledAt: Instant) {
        self.secret = secret
        self.parameters = parameters
        self.enrolledAt = enrolledAt
    }
}
