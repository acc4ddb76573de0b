// Where work goes that takes too long for the event loop and the lane: slow hashes, pictures, and
// jobs of any length. A protocol, so that a test can do all at once and in order.

import Store

package protocol SlowWork: Sendable {
    /// Does `work` elsewhere, then `completion` where it was asked; false when too much waits.
    func submit<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool

    /// Does a job of any length on a thread of its own, one after the other; false when one of this
    /// name is under way.
    func begin<Result: Sendable>(
        _ name: String, _ work: @escaping @Sendable (Job) -> Result,
        _ completion: @escaping @Sendable (Result) -> Void
    ) -> Bool
}
