// Who shares the lane and the event loop with others. Parties take turns, whatever each brings.

import Accounts

package enum Party: Hashable, Sendable {
    case app(AppName)
    /// A Unix user who speaks for several apps, or for none.
    case apps([AppName])
    /// Admins, and totpd itself.
    case house
}
