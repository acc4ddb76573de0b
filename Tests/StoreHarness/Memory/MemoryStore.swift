// The reference engine: the promise of the seam, kept in a dictionary, for tests and for
// comparison. It holds accounts as the same bytes that go to the disk, but unsealed. Do not use it
// for real accounts.

import Accounts
import Secrets
import Store
import Synchronization

package final class MemoryStore: AccountStore {
    struct State {
        var records: [RecordID: Records] = [:]
        /// Of accounts that have a factor record, sorted: what a look must not look for.
        var listed: [RecordID] = []
        /// Of limits, by the id of the bucket.
        var buckets: [RecordID: [UInt8]] = [:]
        var apps = AccountCounts()
        var events: [KeptBlock] = []
        var head = EventHead.empty
        var budgets = EventBudgets()
    }

    struct Records {
        var name: AccountName
        var factor: [UInt8]?
        var `guard`: [UInt8]?
    }

    struct KeptBlock {
        /// The number of its first event.
        let first: UInt64
        let bytes: [UInt8]
    }

    private let state = Mutex(State())
    private let keys = DataKeys.generate()
    package let clockWatch: ClockWatch
    let rotated = Mutex<(@Sendable () -> Void)?>(nil)

    /// - Parameter now: when its days begin.
    package init(at now: Instant = .distantPast) {
        clockWatch = ClockWatch(LivedClock.Moments(lived: now, expected: now))
    }

    package func id(of name: AccountName) -> RecordID {
        RecordID(name, indexKey: keys.preparedIndex)
    }

    package func address(of key: LimitKey) -> LimitAddress {
        LimitAddress(key, indexKey: keys.preparedIndex)
    }

    package func hash(backupCode canonical: [UInt8], salt: [UInt8]) -> [UInt8] {
        canonical.withUnsafeBytes { keys.hashBackupCode($0, salt: salt) }
    }

    package func apply(_ changes: [Change]) throws(StoreFault) -> [ChangeResult] {
        state.withLock { state in
            // Nothing of it can fail: the batch is kept, as the seam says, whole.
            var block = EventBlockWriter(after: state.head)
            let results = changes.map { state.apply($0, &block) }
            state.keep(block)
            return results
        }
    }

    package func check(
        _ job: Job, through anchor: ChainAnchor?
    ) throws(StoreFault) -> CheckReport {
        state.withLock { $0.check(job, through: anchor) }
    }

    package func accounts(
        after: RecordID?, atMost count: Int
    ) throws(StoreFault) -> AccountSlice {
        state.withLock { $0.accounts(after: after, atMost: count) }
    }

    package func events(
        _ position: EventPosition, atMost count: Int
    ) throws(StoreFault) -> EventSlice {
        state.withLock { $0.events(position, atMost: count) }
    }

    package func apps(after: AppName?, atMost count: Int) throws(StoreFault) -> AppSlice {
        counts.slice(after: after, atMost: count)
    }

    package func limits(after: RecordID?, atMost count: Int) throws(StoreFault) -> LimitSlice {
        state.withLock { $0.limits(after: after, atMost: count) }
    }

    package func lastOmission(ofWrongCodesOf app: AppName) throws(StoreFault) -> Instant? {
        state.withLock { $0.budgets.lastOmission(ofWrongCodesOf: app) }
    }

    var counts: AccountCounts { state.withLock { $0.apps } }
    var omittedEvents: Int { state.withLock { $0.budgets.omitted } }

    package var lastEvent: UInt64 { state.withLock { $0.head.sequence } }

    package func forEachAccount(
        of app: AppName, _ job: Job, _ body: (Account?) throws(CopyFault) -> Void
    ) throws(CopyFault) {
        let all = state.withLock { $0.records.values.filter { $0.name.app == app } }
        for records in all.sorted(by: { $0.name.user < $1.name.user }) {
            let account: Account?
            do throws(RecordFault) {
                account = try records.account()
            } catch {
                account = nil
            }
            try body(account)
        }
    }

    /// The events so far, oldest first.
    package func events() throws(RecordFault) -> [Event] {
        try eventBlocks().flatMap(\.events)
    }

    /// The blocks of events so far, oldest first.
    package func eventBlocks() throws(RecordFault) -> [EventBlock] {
        var blocks: [EventBlock] = []
        for record in state.withLock({ $0.events }) {
            blocks.append(
                try record.bytes.withBytes { bytes throws(RecordFault) in
                    try EventRecord.decode(bytes, version: EventRecord.version)
                })
        }
        return blocks
    }
}

extension MemoryStore.State {
    fileprivate mutating func apply(
        _ change: Change, _ block: inout EventBlockWriter
    ) -> ChangeResult {
        switch change {
        case .account(let change): return .account(apply(change, &block))
        case .limit(let change): return .limit(apply(change))
        case .event(let change):
            block.append(budgets.admit(block.nextSequence, of: change))
            return .event
        }
    }

    private mutating func apply(_ change: LimitChange) -> LimitResult {
        let bucket: LimitBucket
        do {
            bucket = try load(change.address.bucket)
        } catch {
            guard change.replacesUnreadable else { return .unreadable(error) }
            buckets[change.address.bucket] = nil
            bucket = LimitBucket()
        }
        let outcome = change.decide(bucket)
        if outcome.bucket != bucket { keep(outcome.bucket, change.address) }
        return .decided(outcome.answer)
    }

    private mutating func rename(
        _ change: AccountChange, to target: AccountChange, _ block: inout EventBlockWriter
    ) -> AccountResult {
        let (account, other): (Account, Account)
        do {
            (account, other) = (try load(change), try load(target))
        } catch {
            block.append(budgets.admit(block.nextSequence, ofUnreadable: change))
            return .unreadable(error)
        }
        let (outcome, renamed) = change.decide(account, onto: other)
        if outcome.account != account { keep(outcome.account, change.id) }
        if renamed != other { keep(renamed, target.id) }
        block.append(budgets.admit(block.nextSequence, of: change, outcome, since: account))
        return .decided(outcome.answer, outcome.alert)
    }

    private mutating func apply(
        _ change: AccountChange, _ block: inout EventBlockWriter
    ) -> AccountResult {
        if let target = change.target { return rename(change, to: target, &block) }
        let account: Account
        do {
            account = try load(change)
        } catch {
            guard change.replacesUnreadable else {
                block.append(budgets.admit(block.nextSequence, ofUnreadable: change))
                return .unreadable(error)
            }
            account = Reset.replacement(of: change.name, at: change.now)
            let outcome = Reset.ofUnreadable(account)
            keep(account, change.id)
            if let event = Event.of(change, outcome, block.nextSequence) { block.append(event) }
            return .decided(outcome.answer, outcome.alert)
        }
        let outcome: Outcome
        if let address = change.source {
            do {
                outcome = try decide(change, account, from: address)
            } catch {
                let spent = SourceLimit.replacement(
                    tag: address.tag, at: change.now, under: change.policy)
                keep(spent.bucket, address)
                block.append(budgets.admit(block.nextSequence, ofUnreadable: change))
                return .unreadableSource(error)
            }
        } else {
            outcome = change.decide(account)
        }
        if case .needs = outcome.answer { return .decided(outcome.answer, nil) }
        if outcome.account != account { keep(outcome.account, change.id) }
        block.append(budgets.admit(block.nextSequence, of: change, outcome, since: account))
        return .decided(outcome.answer, outcome.alert)
    }

    private mutating func decide(
        _ change: AccountChange, _ account: Account, from address: LimitAddress
    ) throws(RecordFault) -> Outcome {
        let source = SourceLimit(tag: address.tag, bucket: try load(address.bucket))
        let (outcome, charged) = change.decide(account, source)
        if charged != source { keep(charged.bucket, address) }
        return outcome
    }

    private func load(_ bucket: RecordID) throws(RecordFault) -> LimitBucket {
        guard let bytes = buckets[bucket] else { return LimitBucket() }
        return try bytes.withBytes { bytes throws(RecordFault) in
            try LimitRecord.decode(bytes)
        }
    }

    private mutating func keep(_ bucket: LimitBucket, _ address: LimitAddress) {
        buckets[address.bucket] = LimitRecord.encode(bucket, of: address.owner)?.bytes
    }

    private func load(_ change: AccountChange) throws(RecordFault) -> Account {
        var account = try records[change.id]?.account() ?? Account(change.name)
        account.isOneTooMany =
            records[change.id]?.factor == nil && apps[change.name.app] >= change.policy.accountsMax
        return account
    }

    private mutating func keep(_ account: Account, _ id: RecordID) {
        let factor = account.hasFactorRecord ? AccountRecord.encodeFactor(account).bytes : nil
        let state = AccountRecord.encodeGuard(account)?.bytes
        let hadFactor = records[id]?.factor != nil
        if hadFactor != (factor != nil) { list(id, of: account.name.app, isListed: factor != nil) }
        records[id] = MemoryStore.Records(name: account.name, factor: factor, guard: state)
    }

    private mutating func list(_ id: RecordID, of app: AppName, isListed: Bool) {
        let place = listed.partitioningIndex { $0 >= id }
        if isListed { listed.insert(id, at: place) } else { listed.remove(at: place) }
        apps[app] += isListed ? 1 : -1
    }

    /// All events of a batch, however many: memory has no pages to fit.
    fileprivate mutating func keep(_ block: EventBlockWriter) {
        guard block.count > 0 else { return }
        events.append(MemoryStore.KeptBlock(first: block.first, bytes: block.bytes))
        head = block.head
    }
}

extension MemoryStore.Records {
    func account() throws(RecordFault) -> Account {
        var account = Account(name)
        if let factor {
            try factor.withBytes { bytes throws(RecordFault) in
                try AccountRecord.decodeFactor(bytes, into: &account)
            }
        }
        if let state = self.guard {
            let decoded = try state.withBytes { bytes throws(RecordFault) in
                try AccountRecord.decodeGuard(bytes)
            }
            guard decoded.hasFactorRecord == (factor != nil) else { throw .incomplete }
            try account.take(decoded.0)
        } else if factor != nil {
            throw .incomplete
        }
        return account
    }
}
