// One batch: each change is decided on what the one before it left, and what is kept is collected
// as rows. It knows no connection: the rows were read before, and are written afterwards.

import Accounts
import Secrets
import Store

struct Batch {
    private let lane: Int64
    private let seal: RowSeal
    private(set) var rows: BatchRows
    private(set) var blocks: [BlockRow] = []
    private(set) var head: EventHead
    private(set) var budgets: EventBudgets
    private var events: EventBlockWriter
    /// Whether anything was answered that the database has to vouch for. A yes that changes nothing
    /// could come from a server that is primary no more, and a refusal takes as long as a yes: how
    /// long it takes must not tell who has an account.
    private(set) var isToBeKept = false

    /// - Parameters:
    ///   - lane: whose events these are.
    ///   - head: where the chain of its events ends.
    init(
        on rows: BatchRows, lane: Int64, after head: EventHead, _ budgets: EventBudgets,
        _ seal: RowSeal
    ) {
        (self.lane, self.seal, self.rows) = (lane, seal, rows)
        (self.head, self.budgets) = (head, budgets)
        events = EventBlockWriter(after: head)
    }

    /// Decides changes in their order.
    mutating func decide(_ changes: [Change]) -> [ChangeResult] {
        let results = changes.map { change in
            switch change {
            case .account(let change): ChangeResult.account(decide(change))
            case .limit(let change): ChangeResult.limit(decide(change))
            case .event(let change): keep(change)
            }
        }
        endBlock()
        return results
    }

    private mutating func keep(_ change: EventChange) -> ChangeResult {
        isToBeKept = true
        append(budgets.admit(events.nextSequence, of: change))
        return .event
    }

    // MARK: Limits

    private mutating func decide(_ change: LimitChange) -> LimitResult {
        isToBeKept = true
        let id = change.address.bucket
        let stored: LimitBucket
        do throws(RecordFault) {
            stored = try BucketRow.open(rows[bucket: id], id, seal)
        } catch {
            guard change.replacesUnreadable else { return .unreadable(error) }
            rows[bucket: id] = nil
            stored = LimitBucket()
        }
        let outcome = change.decide(stored)
        if outcome.bucket != stored { put(outcome.bucket, change.address) }
        return .decided(outcome.answer)
    }

    private mutating func put(_ bucket: LimitBucket, _ address: LimitAddress) {
        rows[bucket: address.bucket] = BucketRow.seal(bucket, address, seal)
    }

    /// What the source of a change has spent; nil when the change has none.
    private func source(of change: AccountChange) -> Result<SourceLimit, RecordFault>? {
        guard let address = change.source else { return nil }
        return Result { () throws(RecordFault) in
            SourceLimit(
                tag: address.tag,
                bucket: try BucketRow.open(rows[bucket: address.bucket], address.bucket, seal))
        }
    }

    // MARK: Accounts

    /// Both names, or neither: their rows are locked and written together.
    private mutating func rename(
        _ change: AccountChange, to target: AccountChange
    ) -> AccountResult {
        isToBeKept = true
        let (stored, targetStored): (Account, Account)
        do throws(RecordFault) {
            (stored, targetStored) = (try load(change), try load(target))
        } catch {
            append(budgets.admit(events.nextSequence, ofUnreadable: change))
            return .unreadable(error)
        }
        let (outcome, renamed) = change.decide(stored, onto: targetStored)
        keep(outcome.account, change, insteadOf: stored)
        keep(renamed, target, insteadOf: targetStored)
        append(budgets.admit(events.nextSequence, of: change, outcome, since: stored))
        return .decided(outcome.answer, outcome.alert)
    }

    private mutating func decide(_ change: AccountChange) -> AccountResult {
        if let target = change.target { return rename(change, to: target) }
        var stored: Account?
        let source = source(of: change)
        do throws(RecordFault) {
            stored = try load(change)
        } catch {
            isToBeKept = true
            guard change.replacesUnreadable else {
                append(budgets.admit(events.nextSequence, ofUnreadable: change))
                return .unreadable(error)
            }
        }
        let account = stored ?? Reset.replacement(of: change.name, at: change.now)

        let outcome: Outcome
        switch source {
        case nil: outcome = stored == nil ? Reset.ofUnreadable(account) : change.decide(account)
        case .success(let source): outcome = decide(change, account, source)
        case .failure(let fault):
            isToBeKept = true
            replaceUnreadableSource(of: change)
            append(budgets.admit(events.nextSequence, ofUnreadable: change))
            return .unreadableSource(fault)
        }
        if case .needs = outcome.answer { return .decided(outcome.answer, nil) }
        isToBeKept = true
        keep(outcome.account, change, insteadOf: stored)
        append(budgets.admit(events.nextSequence, of: change, outcome, since: account))
        return .decided(outcome.answer, outcome.alert)
    }

    private mutating func decide(
        _ change: AccountChange, _ account: Account, _ source: SourceLimit
    ) -> Outcome {
        let (outcome, charged) = change.decide(account, source)
        if let address = change.source, charged != source { put(charged.bucket, address) }
        return outcome
    }

    /// Has what cannot be read count as spent, until all of it would have come back: the way out
    /// for the people behind it, and none for a guesser.
    private mutating func replaceUnreadableSource(of change: AccountChange) {
        guard let address = change.source else { return }
        let source = SourceLimit.replacement(
            tag: address.tag, at: change.now, under: change.policy)
        put(source.bucket, address)
    }

    private func load(_ change: AccountChange) throws(RecordFault) -> Account {
        let found = rows[account: change.id]
        var account = try found.account(of: change.name, change.id, seal)
        // What has its row is counted already: a login does not ask how many there are.
        account.isOneTooMany =
            found.factor == nil && rows.count(of: change.name.app) >= change.policy.accountsMax
        return account
    }

    /// - Parameter stored: nil for what could not be read.
    private mutating func keep(
        _ new: Account, _ change: AccountChange, insteadOf stored: Account?
    ) {
        var records = rows[account: change.id]
        let hadFactor = records.factor != nil
        let isFactorMoved = new.hasFactorRecord != hadFactor
        if isFactorMoved || stored.map({ !new.hasSameFactorRecord(as: $0) }) ?? true {
            records.putFactor(of: new, change.id, seal)
        }
        if isFactorMoved || stored.map({ new.guard != $0.guard }) ?? true {
            records.putGuard(of: new, change.id, seal)
        }
        rows[account: change.id] = records
        guard isFactorMoved else { return }
        if hadFactor {
            rows.removeAccount(from: new.name.app)
        } else {
            rows.addAccount(to: new.name.app, ofAtMost: change.policy.accountsMax)
        }
    }

    // MARK: Events

    private mutating func append(_ kept: EventBudgets.Kept) {
        if let omission = kept.omission { append(omission) }
        if let event = kept.event { append(event) }
    }

    private mutating func append(_ event: Event) {
        events.append(event)
        if events.isFull { endBlock() }
    }

    private mutating func endBlock() {
        guard events.count > 0 else { return }
        blocks.append(BlockRow(events, of: lane, seal))
        head = events.head
        events = EventBlockWriter(after: head)
    }
}
