// What `verify` asks: whether a code is right, and whether to remember the device.

import Accounts
import OneTimeCodes

package struct VerifyRequest: Sendable {
    package let code: SubmittedCode
    package let attempt: AttemptTag?
    /// Nil when the device is not to be remembered.
    package let remember: Remember?

    package struct Remember: Sendable {
        package let label: String?
    }
}
