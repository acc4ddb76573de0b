// How many keys of `limit` each app has, counted bucket by bucket. A key whose bucket cannot be
// counted for its app must be told apart from none.

import Accounts

package struct LimitKeyCounts: Equatable, Sendable {
    /// Keys of which something is spent. No app is here without one.
    package private(set) var byApp: [AppName: Int] = [:]
    /// Keys, and sources, in buckets that an older version wrote: it did not say whose they are.
    package private(set) var ofUnknown = 0
    /// Buckets that do not open.
    package private(set) var unreadable = 0

    package init() {}

    package mutating func add(_ slice: LimitSlice, at now: Instant) {
        unreadable += slice.unreadable
        for bucket in slice.buckets {
            let count = bucket.keys.count(underWayAt: now)
            guard count > 0 else { continue }
            switch bucket.owner?.kind {
            case .limit?: if let app = bucket.owner?.app { byApp[app, default: 0] += count }
            case .source?: break
            case nil: ofUnknown += count
            }
        }
    }
}
