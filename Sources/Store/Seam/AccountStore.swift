// What an engine must do: apply a batch of changes. Either all of the batch is durable and its
// results come back, or a fault is thrown and nothing was kept.

import Accounts

package protocol AccountStore: Sendable {
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

    /// For a look on the lane.
    func figures() throws(StoreFault) -> StoreFigures

    /// The last event that was kept. May be called from any thread.
    var lastEvent: UInt64 { get }

    /// What tells whether the host's clock may be believed. May be used from any thread.
    var clockWatch: ClockWatch { get }

    /// Opens every record and follows the chain of events. May be called from any thread.
    ///
    /// - Parameter job: learns how far it has come; once it is cancelled, the report says that not
    ///   all was looked at.
    func check(_ job: Job) throws(StoreFault) -> CheckReport

    /// What is asked of it as a whole.
    var upkeep: any StoreUpkeep { get }
}

extension AccountStore {
    package func check() throws(StoreFault) -> CheckReport { try check(Job("check")) }
}

/// The world failed, and nothing was kept.
package enum StoreFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// No room on the disk, or in the map (ENOSPC, EDQUOT, MDB_MAP_FULL). Later tries may succeed.
    case full(String)
    /// It could not be read just now, and nothing was changed. Later tries may succeed.
    case unreadable(String)
    /// What was written may or may not be on the disk. Nothing may be tried again on top of that:
    /// the process must end, and start from what the disk holds.
    case broken(String)

    /// Whether the store is as it was, and may do later what it cannot do now.
    package var mayPass: Bool {
        switch self {
        case .full, .unreadable: return true
        case .broken: return false
        }
    }

    package var description: String {
        switch self {
        case .full(let cause): return "the store is full (\(cause))"
        case .unreadable(let cause): return "the store cannot be read (\(cause))"
        case .broken(let cause): return "the store is broken (\(cause))"
        }
    }
}

package struct CheckReport: Equatable, Sendable {
    package var accounts = 0
    package var events = 0
    /// Keys of limits and sources of which something is kept.
    package var limits = 0
    /// What is wrong, a sentence each, at most `problemsMax`; `problemCount` counts them all.
    package private(set) var problems: [String] = []
    package private(set) var problemCount = 0
    package static let problemsMax = 100

    package init() {}

    package mutating func addCancelled() { add(problem: "the check was stopped before its end") }

    package mutating func add(problem: String) {
        problemCount += 1
        if problems.count < Self.problemsMax { problems.append(problem) }
    }
}
