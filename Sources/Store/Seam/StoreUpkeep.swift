// Work on a store as a whole: new keys, copies, exports. It takes long, so call it from any thread
// but the event loop.

import Accounts
import Secrets

package protocol StoreUpkeep: Sendable {
    /// Has the first master key of the ring wrap the data keys, at once. Returns its name.
    func rotateMasterKey() throws(KeyFault) -> KeyID

    /// Begins to change the record key: a new one seals from the next batch on, and what others
    /// have sealed is sealed anew beside the serving. Returns its name.
    func rotateRecordKey() throws(KeyFault) -> KeyID

    /// How far a change of record keys has come; nil when none is under way.
    var rotation: JobProgress? { get }

    /// Has `body` called, on a thread of the store's, when a change of record keys has ended.
    func whenRotated(_ body: @escaping @Sendable () -> Void)

    /// The keys in use.
    var keyIDs: StoreKeyIDs { get }

    /// Copies all that was answered so far into a new directory. It is marked, and does not open as
    /// a state directory before a restore has made one of it.
    func backup(to target: NewPath, _ job: Job) throws(CopyFault) -> BackupReport

    /// Visits all accounts of an app, as they are at one moment; nil for one that does not open.
    func forEachAccount(
        of app: AppName, _ job: Job, _ body: (Account?) throws(CopyFault) -> Void
    ) throws(CopyFault)
}

package struct StoreKeyIDs: Equatable, Sendable {
    /// Wraps the data keys.
    package let master: KeyID
    /// Needed to open records, the newest first: that one seals.
    package let records: [KeyID]

    package init(master: KeyID, records: [KeyID]) {
        (self.master, self.records) = (master, records)
    }
}

package struct BackupReport: Equatable, Sendable {
    package let accounts: Int
    package let events: Int
    package let bytes: Int

    package init(accounts: Int, events: Int, bytes: Int) {
        (self.accounts, self.events, self.bytes) = (accounts, events, bytes)
    }
}

/// Why keys cannot be changed now. Nothing was changed then.
package enum KeyFault: Error, Sendable, CustomStringConvertible {
    /// The change of record keys before has not come to its end.
    case isChanging
    /// A ring that does not open the store: it was not taken.
    case wrapping(WrappingFault)
    case store(StoreFault)

    package var description: String {
        switch self {
        case .isChanging: return "a change of record keys is under way"
        case .wrapping(let fault): return fault.description
        case .store(let fault): return fault.description
        }
    }
}

/// Why there is no copy. The store is none the worse.
package enum CopyFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another path, or more room there, may do.
    case path(NewPathFault)
    case stopped
    case failed(String)

    package var description: String {
        switch self {
        case .path(let fault): return fault.description
        case .stopped: return "it was stopped before its end"
        case .failed(let cause): return cause
        }
    }
}
