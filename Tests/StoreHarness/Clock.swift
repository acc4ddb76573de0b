// The moments that tests of stores live in.

import Accounts

package enum Clock {
    /// Where a step of 30 and one of 60 seconds begin together.
    package static let start = Instant(seconds: 1_800_000_000)

    package static func after(_ seconds: Int64) -> Instant { start + .seconds(seconds) }
}
