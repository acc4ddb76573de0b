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
