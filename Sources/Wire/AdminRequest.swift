// What an admin asks that is about no single account: of an app, of all, or of totpd itself. None
// of it may be asked on an app's socket.

import Accounts

package struct AdminRequest: Sendable {
    /// The app that was named; nil when none was.
    package let app: AppName?
    /// Why, in the admin's words.
    package let reason: String?
    package let asked: Asked

    package enum Asked: Sendable {
        /// Opens every record and follows the chain of events.
        case check
    }
}
