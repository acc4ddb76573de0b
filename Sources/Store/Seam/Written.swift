// A batch between its decision and the flush that makes it durable.

/// What a batch came to that was written, and may not be on the disk yet.
package struct Written: Sendable {
    package let results: [ChangeResult]
    /// Of all that the results have seen.
    package let position: UInt64

    package init(results: [ChangeResult], position: UInt64) {
        (self.results, self.position) = (results, position)
    }
}
