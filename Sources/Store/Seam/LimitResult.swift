// What a request on a limit came to.

import Accounts

package enum LimitResult: Sendable {
    case decided(Result<LimitStatus, Refusal>)
    /// The record does not open that has this limit's count.
    case unreadable(RecordFault)
}
