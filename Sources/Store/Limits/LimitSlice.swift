// What one look finds of limits. A bucket that does not open must be counted, or its keys would
// pass for none.

import Accounts

/// Some buckets of limits, in the order of their keys.
package struct LimitSlice: Equatable, Sendable {
    package struct Bucket: Equatable, Sendable {
        /// Nil where an older version wrote it, and nothing of it was spent since.
        package let owner: LimitOwner?
        package let keys: LimitBucket

        package init(owner: LimitOwner?, keys: LimitBucket) {
            (self.owner, self.keys) = (owner, keys)
        }
    }

    package var buckets: [Bucket] = []
    /// Buckets that do not open.
    package var unreadable = 0
    /// All up to this key were looked at; nil at the end of all.
    package var end: RecordID?

    package init() {}
}
