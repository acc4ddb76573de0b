// How asking for a report ended.

import Store

package enum StoreReportOutcome: Sendable {
    case found(StoreReport)
    case failed(StoreFault)
    /// The lane did not answer in time, or answers nobody any more.
    case late
}
