// Which events are meant. What is nil leaves none out.

import Accounts

package struct EventFilter: Sendable {
    package var app: AppName?
    package var user: String?
    package var op: String?
    package var result: String?
    package var since: Instant?
    /// Up to this moment, which is not meant itself.
    package var until: Instant?

    package init() {}
}
