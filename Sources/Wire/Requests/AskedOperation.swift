// What a request asks of one account: the operation, and what else has to be known to carry it out.

import Accounts
import OneTimeCodes

package struct AskedOperation: Sendable {
    package enum Form: Sendable {
        /// It is decided as it was asked.
        case complete(any Operation)
        /// These wait for what is drawn at random: a token, or a secret.
        case verify(Verify, VerifyWishes)
        /// Nil for a text that is no token.
        case trusted(DeviceToken?)
        case enroll(EnrollRequest)
        /// It is about a second account.
        case rename(Rename)
    }

    /// What goes along with the operation until it is answered.
    package struct Details: Sendable {
        /// The code that was sent, in case its hash is asked for.
        package var code: SubmittedCode?
        /// Why, in an admin's words.
        package var reason: String?
        /// Whether an account whose records cannot be opened is replaced by what is known of it.
        package var replacesUnreadable = false
        /// Backup codes that come with an import, in the place of such as are drawn.
        package var backupCodes: [BackupCode] = []
        /// It is only tried: nothing comes of it.
        package var isDryRun = false
    }

    package let form: Form
    package var details: Details

    init(_ form: Form, code: SubmittedCode? = nil) {
        self.form = form
        details = Details(code: code)
    }

    /// Whether answering may take slow work: backup codes are hashed slowly, pictures are drawn.
    var isSlow: Bool {
        if case .backup = details.code { return true }
        if case .enroll(let request) = form, request.qr != nil { return true }
        return !details.backupCodes.isEmpty
    }
}
