// The size of a store and the names of its keys, for monitoring.

import Accounts

package struct StoreFigures: Equatable, Sendable {
    /// Apps that have accounts, and all their accounts.
    package var apps = 0
    package var accounts = 0
    /// The oldest and the newest event there is; the oldest is the greater when there is none.
    package var firstEvent: UInt64 = 1
    package var lastEvent: UInt64 = 0
    /// Where the chain of events ends; nil before the first.
    package var anchor: ChainAnchor?
    /// Whether the clock is where it should be; while it is not, nothing is removed as old.
    package var isClockTrusted = true
    /// One that cannot be read, so that neither it nor those behind it are removed in their time.
    package var unreadableEvent: UInt64?
    /// What events take outside the log, and what they may take; nil when there is no bound.
    package var eventBytes = 0
    package var eventBytesMax: Int?
    /// Events that were left out since the start, and are only counted.
    package var omittedEvents = 0
    package var logBytes = 0
    /// Of the log's two files.
    package var logBytesMax = 0
    package var databaseBytes = 0
    /// Pages of the database that were met since the start, and are damaged.
    package var damagedPages = 0
    /// Where somebody has met since the start a page that is damaged, or a record that does not
    /// open.
    package var damagedParts: Set<StorePart> = []
    /// Whether records are not those that were written last: somebody put one back to what it was,
    /// or removed one.
    package var hasOlderRecords = false
    /// Whether nobody else can begin to read it.
    package var isReadersFull = false
    /// Why a store that is elsewhere gives no answers, though it could be looked into.
    package var away: StoreFault.AwayReason?
    /// What is free on the disk, for this process; nil when that is not known.
    package var roomBytes: Int?
    /// The master key that wraps the data keys, and the one that would wrap new ones.
    package var masterKey: String?
    package var masterKeyWanted: String?
    /// The newest first, which seals.
    package var recordKeys: [String] = []
    /// Records that were looked at since the record key was changed, and how many there are; nil
    /// when no change is under way.
    package var rotation: JobProgress?

    package init() {}
}
