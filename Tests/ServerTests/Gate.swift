// A store whose door a test can shut: changes, or hashes, wait in front of it. So a test can say
// what is under way while something else happens.

import Accounts
import Foundation
import Store

final class Gate: @unchecked Sendable {
    // Unchecked, because `isShut` and `waiting` are used under `condition` alone.
    private let condition = NSCondition()
    private var isShut = false
    private var waiting = 0

    func shut() { condition.withLock { isShut = true } }

    func open() {
        condition.withLock {
            isShut = false
            condition.broadcast()
        }
    }

    func pass() {
        condition.withLock {
            waiting += 1
            while isShut { condition.wait() }
            waiting -= 1
        }
    }

    /// Whether somebody stands in front of it.
    var isReached: Bool { condition.withLock { waiting > 0 } }
}

final class GatedStore: AccountStore {
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

    func id(of name: AccountName) -> RecordID { memory.id(of: name) }

    func address(of key: LimitKey) -> LimitAddress { memory.address(of: key) }

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

    func apps(after: AppName?, atMost count: Int) throws(StoreFault) -> AppSlice {
        try memory.apps(after: after, atMost: count)
    }

    var lastEvent: UInt64 { memory.lastEvent }
    var clockWatch: ClockWatch { memory.clockWatch }
    var upkeep: any StoreUpkeep { memory.upkeep }
    func whenDue(_ body: @escaping @Sendable () -> Void) { memory.whenDue(body) }

    func check(_ job: Job) throws(StoreFault) -> CheckReport {
        checks.pass()
        return try memory.check(job)
    }
}
