// What `enroll` asks: a new secret, and how it is shown.

import Accounts
import OneTimeCodes

package struct EnrollRequest: Sendable {
    package enum QRForm: Sendable {
        case svg
        case png
        case text
    }

    package let issuer: String?
    package let label: String
    package let parameters: AskedParameters
    package let qr: QRForm?
    package let code: SubmittedCode?
    package let attempt: AttemptTag?
    package let adds: Bool
    package let name: String?
}
