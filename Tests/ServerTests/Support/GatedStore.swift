// A store whose doors a test can shut: changes, hashes, checks or looks wait in front of it.

import Accounts
import Store
import StoreHarness

final class GatedStore: ForwardingStore {
    let memory = MemoryStore()
    let changes = Gate()
    let hashes = Gate()
    let checks = Gate()
    let looks = Gate()
    let eventLooks = Gate()
    /// Thrown in place of each decision, once set.
    private let fault = Mutexed<StoreFault?>(nil)
    private let count = Mutexed(0)
    private let lookCount = Mutexed(0)

    /// How many changes the store has decided, or found to need something first.
    var decided: Int { count.value }

    /// How many looks have found accounts.
    var looked: Int { lookCount.value }

    func fail(with fault: StoreFault?) { self.fault.set(fault) }

    func hash(backupCode canonical: [UInt8], salt: [UInt8]) -> [UInt8] {
        hashes.pass()
        return memory.hash(backupCode: canonical, salt: salt)
    }

    func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        self.changes.pass()
        if let fault = fault.value { throw fault }
        let results = try memory.apply(changes)
        // One thread alone gets here.
        count.set(count.value + changes.count)
        return results
    }

    func accounts(after: RecordID?, atMost count: Int) throws(StoreFault) -> AccountSlice {
        looks.pass()
        lookCount.set(lookCount.value + 1)
        return try memory.accounts(after: after, atMost: count)
    }

    func events(_ position: EventPosition, atMost count: Int) throws(StoreFault) -> EventSlice {
        eventLooks.pass()
        return try memory.events(position, atMost: count)
    }

    /// Told in place of what the memory has, once set.
    let rotation = Mutexed<JobProgress?>(nil)

    func figures() throws(StoreFault) -> StoreFigures {
        if let fault = fault.value { throw fault }
        var figures = try memory.figures()
        figures.rotation = rotation.value
        return figures
    }

    func check(_ job: Job, through anchor: ChainAnchor?) throws(StoreFault) -> CheckReport {
        checks.pass()
        return try memory.check(job, through: anchor)
    }
}
