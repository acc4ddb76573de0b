// Keys of limits, and what is asked of them. Which keys share a record follows from the store's own
// key, so those that shall are searched for.

import Accounts
import Store

package func limitKey(_ text: String, app: String = "shop") throws -> LimitKey {
    LimitKey(app: try require(AppName(app), "an app"), name: nil, key: text, address: nil)
}

/// Keys that a store keeps in one record: one in about 65,536 is in the same as the first.
package func limitKeys(sharingABucketOf store: any AccountStore, count: Int) throws -> [LimitKey] {
    let first = try limitKey("key")
    let bucket = store.address(of: first).bucket
    var keys = [first]
    for index in 0... {
        if keys.count == count { break }
        let key = try limitKey("key \(index)")
        if store.address(of: key).bucket == bucket { keys.append(key) }
    }
    return keys
}

extension LimitKey {
    /// `max` a minute.
    package func change(
        _ action: Limit.Action = .spend(1), max: Int, at now: Instant = Clock.start,
        in store: any AccountStore
    ) -> Change {
        let rule = LimitPolicy(max: max, per: .seconds(60))
        return .limit(
            LimitChange(
                address: store.address(of: self), limit: Limit(action, under: .given(rule)),
                now: now, under: .standard))
    }
}

extension Subject {
    @discardableResult
    package func briefs(_ changes: [Change]) throws -> [String] {
        try store.apply(changes).map(\.brief)
    }
}
