// A store that hands on to another whatever it does not do itself: for stores of tests, which hold
// something up, count it or fail it.

import Accounts
import Store

package protocol ForwardingStore: AccountStore {
    var memory: MemoryStore { get }
}

extension ForwardingStore {
    package func id(of name: AccountName) -> RecordID { memory.id(of: name) }

    package func address(of key: LimitKey) -> LimitAddress { memory.address(of: key) }

    package func hash(backupCode canonical: [UInt8], salt: [UInt8]) -> [UInt8] {
        memory.hash(backupCode: canonical, salt: salt)
    }

    package func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        try memory.apply(changes)
    }

    package func accounts(
        after: RecordID?, atMost count: Int
    ) throws(StoreFault) -> AccountSlice {
        try memory.accounts(after: after, atMost: count)
    }

    package func events(
        _ position: EventPosition, atMost count: Int
    ) throws(StoreFault) -> EventSlice {
        try memory.events(position, atMost: count)
    }

    package func apps(after: AppName?, atMost count: Int) throws(StoreFault) -> AppSlice {
        try memory.apps(after: after, atMost: count)
    }

    package func limits(after: RecordID?, atMost count: Int) throws(StoreFault) -> LimitSlice {
        try memory.limits(after: after, atMost: count)
    }

    package func lastOmission(ofWrongCodesOf app: AppName) throws(StoreFault) -> Instant? {
        try memory.lastOmission(ofWrongCodesOf: app)
    }

    package func figures() throws(StoreFault) -> StoreFigures { try memory.figures() }
    package var lastEvent: UInt64 { memory.lastEvent }
    package var clockWatch: ClockWatch { memory.clockWatch }
    package var upkeep: any StoreUpkeep { memory.upkeep }
    package func whenDue(_ body: @escaping @Sendable () -> Void) { memory.whenDue(body) }

    package func check(
        _ job: Job, through anchor: ChainAnchor?
    ) throws(StoreFault) -> CheckReport { try memory.check(job, through: anchor) }
}
