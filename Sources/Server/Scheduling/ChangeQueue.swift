// Where requests leave what the store has to do: changes and looks go to the writer lane. It is a
// protocol, so that a test can do all at once and in order.

import Store

package protocol ChangeQueue: Sendable {
    /// Queues a change of a party; false when it cannot be taken, and nobody is then told anything.
    func submit(_ submission: Submission, of party: Party) -> Bool

    /// Has `body` look into the store between two batches, then `completion` told, where it was
    /// asked, of what it found: nil when nothing can be read any more. False when no look can be
    /// taken, and neither is then called.
    func look<Found: Sendable>(
        _ body: @escaping @Sendable (any AccountStore) -> Found,
        _ completion: @escaping @Sendable (Found?) -> Void
    ) -> Bool

    /// What the lane and the store say of themselves, told where it was asked, and in any case
    /// within `ServerPolicy.reportTime`.
    func report(_ completion: @escaping @Sendable (StoreReport.Outcome) -> Void)
}
