// What an admin asks that is about no single account: of an app, of all, or of totpd itself. None
// of it may be asked on an app's socket.

import Accounts
import Secrets

package struct AdminRequest: Sendable {
    /// The app that was named; nil when none was.
    package let app: AppName?
    /// Why, in the admin's words.
    package let reason: String?
    package let action: Action

    package init(app: AppName?, reason: String?, action: Action) {
        (self.app, self.reason, self.action) = (app, reason, action)
    }

    package enum Action: Sendable {
        /// Those of an app that are spent.
        case sources(AppName, count: Int)
        case clearSource(AppName, Source)
        case apps(AppsRequest)
        case users(UsersRequest)
        case events(EventsRequest)
        /// Behind which event to begin; nil: with what happens from now on.
        case watch(EventFilter, after: UInt64?)
        case stats
        case metrics(MetricsFormat)
        case health
        /// Opens every record and follows the chain of events.
        /// Through an end that the chain once had, if one is given.
        case check(through: ChainAnchor?)
        case rotateKey(KeyKind)
        case backup(path: String)
        /// Everything of one app.
        case export(AppName, path: String, passphrase: SecretBytes)
    }

    /// The source that it is about, if it is about one.
    package var source: String? {
        if case .clearSource(_, let source) = action { return source.text }
        return nil
    }

    /// Records in one reply: about 600 KB with the longest names.
    package static let countRange: ClosedRange<Int64> = 1...1000
    package static let countUsual = 100
}
