// What an engine must do: apply a batch of changes. Either all of the batch is durable and its
// results come back, or a fault is thrown and nothing was kept.

import Accounts

package protocol AccountStore: Sendable {
    /// Whether it is on this host: a look takes less than a millisecond, and a change so little
    /// that the event loop may decide it itself. Of one that is not, looks have a thread of their
    /// own, and see what is kept. May be asked by any thread, and never changes.
    var isNear: Bool { get }

    /// The key of an account's records. May be called from any thread.
    func id(of name: AccountName) -> RecordID

    /// Where a limit's count is kept. May be called from any thread.
    func address(of key: LimitKey) -> LimitAddress

    /// The slow hash of a backup code, under this store's key. May be called from any thread, but
    /// takes milliseconds.
    func hash(backupCode canonical: [UInt8], salt: [UInt8]) -> [UInt8]

    /// Decides changes in order, each on the state the one before it left, and keeps them all.
    ///
    /// Returns after what it kept would survive power loss. Only the writer lane calls it. Of no
    /// changes, it does what the store has to do for itself.
    func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult]

    /// Decides changes as `apply` does, and writes what it keeps, but returns before that would
    /// survive power loss: of the results nobody may be told before `flushed` has come to their
    /// position. Only the writer lane calls it.
    func write(_ changes: [Change]) throws(StoreFault) -> Written

    /// The position up to which everything would survive power loss. May be asked by any thread.
    var flushed: UInt64 { get }

    /// Whether so much is on its way to the disk that changes had better wait until `flushed` has
    /// moved, and share a batch. May be asked by any thread.
    var isFlushBehind: Bool { get }

    /// Has `body` called, on any thread, whenever `flushed` has moved, and with the fault when it
    /// moves no more.
    func whenFlushed(_ body: @escaping @Sendable (StoreFault?) -> Void)

    /// Has `body` called, on any thread, when the store has something to do for itself on the lane,
    /// and may not wait until somebody asks something.
    func whenDue(_ body: @escaping @Sendable () -> Void)

    /// The first accounts after a key, of those that have a factor record: the others have no name.
    /// Looks at `count` of them, and opens only those. For a look on the lane.
    func accounts(after: RecordID?, atMost count: Int) throws(StoreFault) -> AccountSlice

    /// The first events from a position on: about `count`. For a look on the lane.
    func events(_ position: EventPosition, atMost count: Int) throws(StoreFault) -> EventSlice

    /// The first apps after one, of those that have an account, in the order of their names. For a
    /// look on the lane.
    func apps(after: AppName?, atMost count: Int) throws(StoreFault) -> AppSlice

    /// The buckets of limits after a key, of `count` or fewer; an empty slice may have more behind
    /// it. For a look on the lane.
    func limits(after: RecordID?, atMost count: Int) throws(StoreFault) -> LimitSlice

    /// When an event of a wrong code that was charged to a source of the app was left out last,
    /// since the start. For a look on the lane.
    func lastOmission(ofWrongCodesOf app: AppName) throws(StoreFault) -> Instant?

    /// For a look on the lane.
    func figures() throws(StoreFault) -> StoreFigures

    /// The last event that would survive power loss. May be called from any thread.
    var lastEvent: UInt64 { get }

    /// What tells whether the host's clock may be believed. May be used from any thread.
    var clockWatch: ClockWatch { get }

    /// Opens every record and follows the chain of events. May be called from any thread.
    ///
    /// - Parameters:
    ///   - job: learns how far it has come; once it is cancelled, the report says that not all was
    ///     looked at.
    ///   - anchor: an end that the chain once had, and must go through.
    func check(_ job: Job, through anchor: ChainAnchor?) throws(StoreFault) -> CheckReport

    /// What is asked of it as a whole.
    var upkeep: any StoreUpkeep { get }
}

extension AccountStore {
    package var isNear: Bool { true }
}

/// A store that keeps each batch before it returns.
extension AccountStore {
    package func write(_ changes: [Change]) throws(StoreFault) -> Written {
        Written(results: try apply(changes), position: flushed)
    }

    package var flushed: UInt64 { 0 }
    package var isFlushBehind: Bool { false }
    package func whenFlushed(_ body: @escaping @Sendable (StoreFault?) -> Void) {}
}

extension AccountStore {
    package func check(
        _ job: Job = Job("check"), anchor: ChainAnchor? = nil
    ) throws(StoreFault) -> CheckReport { try check(job, through: anchor) }
}
