// One of the hosts that share a store in a database.

import Accounts

package struct DatabaseHost: Sendable {
    /// By which its lane is known: no other host may have the name.
    package let name: String
    /// The file in which it remembers how far its lane was acknowledged; nil for a host that
    /// remembers nothing from one process to the next.
    package let memory: String?
    /// Its own clock, which is compared with the database's; nil where time is made up.
    package let clock: (@Sendable () -> Instant)?

    package init(_ name: String, memory: String?, clock: (@Sendable () -> Instant)?) {
        (self.name, self.memory, self.clock) = (name, memory, clock)
    }
}
