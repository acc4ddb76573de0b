// Maintenance of the reference engine. It has nothing to seal and no files: its keys are names, it
// refuses copies, and it has few numbers.

import Accounts
import Secrets
import Store

extension MemoryStore: StoreUpkeep {
    package var upkeep: any StoreUpkeep { self }

    /// What is in memory never has anything to do for itself.
    package func whenDue(_ body: @escaping @Sendable () -> Void) {}

    package var keyIDs: StoreKeyIDs {
        StoreKeyIDs(master: KeyID(rawValue: 1), records: [KeyID(rawValue: 2)])
    }

    package var rotation: JobProgress? { nil }

    package func rotateMasterKey() throws(KeyFault) -> KeyID { keyIDs.master }
    package func rotateRecordKey() throws(KeyFault) -> KeyID {
        rotated.withLock { $0 }?()
        return .random()
    }

    package func whenRotated(_ body: @escaping @Sendable () -> Void) {
        rotated.withLock { $0 = body }
    }

    package func backup(to target: NewPath, _ job: Job) throws(CopyFault) -> BackupReport {
        throw .failed("what is in memory alone has no copy")
    }
}

extension MemoryStore {
    package func figures() throws(StoreFault) -> StoreFigures {
        var figures = StoreFigures()
        (figures.apps, figures.accounts) = (counts.apps, counts.sum)
        figures.lastEvent = lastEvent
        figures.isClockTrusted = clockWatch.isTrusted
        figures.omittedEvents = omittedEvents
        return figures
    }
}
