// What an enrolment gives the app to show: a new secret, in the forms that authenticators read.

import Accounts

package struct Enrolled: Sendable {
    package let secret: String
    package let uri: String
    package let qr: String?
    package let expiresIn: Duration

    package init(secret: String, uri: String, qr: String?, expiresIn: Duration) {
        self.secret = secret
        self.uri = uri
        self.qr = qr
        self.expiresIn = expiresIn
    }
}
