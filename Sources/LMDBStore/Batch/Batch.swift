// One batch: load, open, decide, seal into a frame of the log. Each change sees what the one before
// it left. A change that decided nothing writes nothing.

import Accounts
import Secrets
import Store

/// A batch under way. One is kept and used again, so that its memory is.
final class Batch {
    private let tables: Tables
    private let seal: RecordSeal
    private let usedBefore: UsedBefore
    private let reader: AccountReader
    let lookup: AccountLookup
    private let prefetch = PagePrefetch()
    /// What the log and the store have of the records of the group's accounts.
    private var accounts: [AccountChange] = []
    private var logged: [LoggedRecords] = []
    private var found: [SealedRecords] = []
    let frame: LogFrameWriter
    private let buckets: BatchLimits
    private let apps: BatchAccountCounts
    /// Where in the frame the records are that this batch has changed.
    let changed = LogIndexes()
    private(set) var head: EventHead
    private(set) var events: EventBlockWriter
    /// What is left of the apps' budgets of events, and the same with this batch.
    private(set) var budgets: EventBudgets
    var newBudgets: EventBudgets
    /// Somebody was refused. Whether a refusal changes a count or has an event tells who has an
    /// account, and the time it takes must not: all of them wait for a flush.
    var hasRefused = false

    /// Changes whose records are looked up together. So few that what was brought near is still
    /// there when it is opened: pages and records of 64 are about 150 KiB, of 1 MiB in a core.
    private static let groupMax = 64

    /// - Parameters:
    ///   - usedBefore: see `Account.usedBefore`.
    ///   - counts: what the store and its log have.
    init(
        tables: Tables, seal: RecordSeal, usedBefore: UsedBefore, counts: AccountCounts,
        budgets: EventBudgets = EventBudgets()
    ) {
        self.tables = tables
        self.seal = seal
        self.usedBefore = usedBefore
        reader = AccountReader(seal: seal)
        lookup = AccountLookup(tables: tables, reader: reader)
        frame = LogFrameWriter(seal: seal)
        buckets = BatchLimits(
            tables: tables, seal: seal, frame: frame, changed: changed.buckets)
        apps = BatchAccountCounts(
            seal: seal, frame: frame, changed: changed.apps, counts: counts)
        head = .empty
        events = EventBlockWriter(after: head)
        (self.budgets, newBudgets) = (budgets, budgets)
    }

    func begin(_ head: EventHead) {
        self.head = head
        frame.begin()
        events = EventBlockWriter(after: head)
        changed.removeAll()
        apps.begin()
        newBudgets = budgets
        hasRefused = false
    }

    /// Accounts by app, as far as the log has them.
    var counts: AccountCounts { apps.counts }

    /// The frame is in the log, or there was nothing to keep: the next batch begins with what this
    /// one leaves.
    func commit() {
        apps.commit()
        budgets = newBudgets
    }

    /// Whether there is nothing to keep, and nobody who has to wait as if there were.
    var isEmpty: Bool { frame.isEmpty && events.count == 0 && !hasRefused }

    /// Decides changes in their order.
    func apply(
        _ changes: [Change], _ log: WriteAheadLog, _ transaction: borrowing Transaction
    ) throws(LMDBFault) -> [ChangeResult] {
        var results: [ChangeResult] = []
        results.reserveCapacity(changes.count)
        for start in stride(from: 0, to: changes.count, by: Self.groupMax) {
            let group = changes[start..<min(start + Self.groupMax, changes.count)]
            try find(group, log, transaction)
            var accountsBefore = 0
            for change in group {
                switch change {
                case .limit(let change):
                    results.append(.limit(try buckets.apply(change, log, transaction)))
                case .event(let change):
                    append(newBudgets.admit(events.nextSequence, of: change))
                    results.append(.event)
                case .account(let change):
                    let records = found[accountsBefore]
                    accountsBefore += 1
                    if let target = change.target {
                        let result = try rename(change, records, target, log, transaction)
                        results.append(.account(result))
                        continue
                    }
                    let source = try buckets.source(of: change, log, transaction)
                    results.append(.account(apply(change, records, source, transaction)))
                }
            }
        }
        return results
    }

    /// Looks all accounts of a group up, before the first is opened: a look-up waits for memory,
    /// not for the processor, and those of several accounts can wait together.
    private func find(
        _ group: ArraySlice<Change>, _ log: WriteAheadLog, _ transaction: borrowing Transaction
    ) throws(LMDBFault) {
        accounts.removeAll(keepingCapacity: true)
        for case .account(let change) in group { accounts.append(change) }
        for change in accounts { log.prefetch(change.id) }
        logged.removeAll(keepingCapacity: true)
        for change in accounts { logged.append(log.records(of: change.id)) }
        // One alone has nobody to wait together with.
        if accounts.count > 1 {
            for (change, logged) in zip(accounts, logged) where logged.factor.isNothing {
                prefetch.ask(for: change.id.high)
            }
            prefetch.fetch(in: Tree(transaction.trees[.factors]))
            for (change, logged) in zip(accounts, logged) where logged.guard.isNothing {
                prefetch.ask(for: change.id.high)
            }
            prefetch.fetch(in: Tree(transaction.trees[.guards]))
        }
        found.removeAll(keepingCapacity: true)
        for (change, logged) in zip(accounts, logged) {
            let records = try RecordKey(change.id).withBytes { key throws(LMDBFault) in
                try lookup.records(logged, key, transaction)
            }
            records.prefetch()
            found.append(records)
        }
    }

    /// - Parameter source: of the change, if it has one.
    private func apply(
        _ change: AccountChange, _ found: SealedRecords,
        _ source: Result<SourceLimit, RecordFault>?, _ transaction: borrowing Transaction
    ) -> AccountResult {
        let key = RecordKey(change.id)
        // What was there of the account, open or not.
        let records = found.updated(by: LoggedRecords(changed.accounts[change.id], in: frame.bytes))
        let hadFactor = records.factor != nil || records.fault != nil
        var stored = Account(change.name)
        var mark = FactorMark.none
        var isUnreadable = false
        do throws(RecordFault) {
            try load(change, key, records, into: &stored, &mark)
        } catch {
            key.withBytes { transaction.trees.damage.note(error, at: $0, in: .factors) }
            guard change.replacesUnreadable else {
                append(newBudgets.admit(events.nextSequence, ofUnreadable: change))
                return .unreadable(error)
            }
            isUnreadable = true
            stored = Reset.replacement(of: change.name, at: change.now)
        }

        let outcome: Outcome
        switch source {
        case nil: outcome = isUnreadable ? Reset.ofUnreadable(stored) : change.decide(stored)
        case .success(let source): outcome = buckets.decide(change, stored, source)
        case .failure(let fault):
            buckets.replaceUnreadable(change)
            append(newBudgets.admit(events.nextSequence, ofUnreadable: change))
            return .unreadableSource(fault)
        }
        switch outcome.answer {
        case .needs: return .decided(outcome.answer, nil)
        case .refused: hasRefused = true
        case .accepted: break
        }

        keep(
            outcome.account, key, change.id, since: stored, isWhole: isUnreadable, hadFactor, mark)
        if isUnreadable { key.withBytes { transaction.trees.damage.forget($0, in: .factors) } }
        append(newBudgets.admit(events.nextSequence, of: change, outcome, since: stored))
        return .decided(outcome.answer, outcome.alert)
    }

    /// Writes the records that have changed, and counts the account.
    ///
    /// - Parameters:
    ///   - isWhole: what was there could not be read, and all of it is written anew.
    ///   - mark: of the factor record that was there.
    func keep(
        _ new: Account, _ key: RecordKey, _ id: RecordID, since stored: Account, isWhole: Bool,
        _ hadFactor: Bool, _ mark: FactorMark
    ) {
        let isFactorChanged = isWhole || !new.hasSameFactorRecord(as: stored)
        let isGuardChanged = isWhole || new.guard != stored.guard
        guard isFactorChanged || isGuardChanged else { return }
        // The guard knows its factor: whoever writes that one writes both.
        let isFactorMoved = new.hasFactorRecord != hadFactor
        var places = RecordPlaces.none
        let isFactorWritten = isFactorChanged || isFactorMoved
        var mark = mark
        if isFactorWritten { (places.factor, mark) = putFactor(new, key) }
        if isFactorWritten || isGuardChanged { places.guard = putGuard(new, key, mark) }
        changed.accounts.update(id, places)
        if isFactorMoved { apps.add(hadFactor ? -1 : 1, to: new.name.app) }
    }

    // MARK: Reading

    func load(
        _ change: AccountChange, _ key: RecordKey, _ records: SealedRecords,
        into account: inout Account, _ mark: inout FactorMark
    ) throws(RecordFault) {
        account.usedBefore = usedBefore
        mark = try key.withBytes { key throws(RecordFault) in
            try reader.open(records, into: &account, key)
        }
        // What has its record is counted already: a login does not ask how many there are.
        if records.factor == nil, apps[change.name.app] >= change.policy.accountsMax {
            account.isOneTooMany = true
        }
    }

    // MARK: Writing

    private func putFactor(_ account: Account, _ key: RecordKey) -> (LogPlace, FactorMark) {
        key.withBytes { key in
            guard account.hasFactorRecord else {
                return (frame.delete(in: .factors, at: key), .none)
            }
            var plain = AccountRecord.encodeFactor(account)
            defer { plain.wipe() }
            return plain.withBytes {
                let version = AccountRecord.pairVersion
                return (frame.put($0, version: version, in: .factors, at: key), FactorMark(of: $0))
            }
        }
    }

    private func putGuard(
        _ account: Account, _ key: RecordKey, _ mark: FactorMark
    ) -> LogPlace {
        key.withBytes { key in
            guard let plain = AccountRecord.encodeGuard(account, writtenWith: mark) else {
                return frame.delete(in: .guards, at: key)
            }
            return plain.withBytes {
                frame.put($0, version: AccountRecord.pairVersion, in: .guards, at: key)
            }
        }
    }

    func append(_ kept: EventBudgets.Kept) {
        if let omission = kept.omission { append(omission) }
        if let event = kept.event { append(event) }
    }

    private func append(_ event: Event) {
        events.append(event)
        if events.isFull {
            endEvents()
            events = EventBlockWriter(after: head)
        }
    }

    /// Puts into the frame what comes of the batch as a whole; then it can be sealed.
    func end() {
        apps.end()
        endEvents()
    }

    private func endEvents() {
        guard events.count > 0 else { return }
        withUnsafeBytes(of: events.first.bigEndian) { key in
            events.withBytes { plain in
                _ = frame.put(plain, version: EventRecord.version, in: .events, at: key)
            }
        }
        head = events.head
    }
}
