// A count of the keys of `limit` under way, one look after the other: so that no look keeps the
// lane for long.

import Accounts
import Store

struct LimitKeySearch: LaneSearch {
    let start: Instant
    private var after: RecordID?
    private(set) var counts = LimitKeyCounts()
    private(set) var isAtEnd = false

    init(at start: Instant) { self.start = start }

    mutating func look(into store: any AccountStore) throws(StoreFault) {
        let slice = try store.limits(after: after, atMost: ServerPolicy.bucketsPerLook)
        counts.add(slice, at: start)
        after = slice.end
        isAtEnd = slice.end == nil
    }
}
