// A change of a batch that is about two names at once. What it writes is in one frame of the log,
// so that a crash keeps both or neither.

import Accounts
import Store

extension Batch {
    func rename(
        _ change: AccountChange, _ found: SealedRecords, _ target: AccountChange,
        _ log: WriteAheadLog, _ transaction: borrowing Transaction
    ) throws(LMDBFault) -> AccountResult {
        let (key, targetKey) = (RecordKey(change.id), RecordKey(target.id))
        let other = try targetKey.withBytes { key throws(LMDBFault) in
            try lookup.records(log.records(of: target.id), key, transaction)
        }
        let records = newest(found, change.id)
        let targetRecords = newest(other, target.id)
        var (stored, targetStored) = (Account(change.name), Account(target.name))
        var (mark, targetMark) = (FactorMark.none, FactorMark.none)
        do throws(RecordFault) {
            try load(change, key, records, into: &stored, &mark)
            try load(target, targetKey, targetRecords, into: &targetStored, &targetMark)
        } catch {
            append(newBudgets.admit(events.nextSequence, ofUnreadable: change))
            return .unreadable(error)
        }

        let (outcome, renamed) = change.decide(stored, onto: targetStored)
        if case .refused = outcome.answer { hasRefused = true }
        keep(
            outcome.account, key, change.id, since: stored, isWhole: false,
            records.factor != nil, mark)
        keep(
            renamed, targetKey, target.id, since: targetStored, isWhole: false,
            targetRecords.factor != nil, targetMark)
        append(newBudgets.admit(events.nextSequence, of: change, outcome, since: stored))
        return .decided(outcome.answer, outcome.alert)
    }

    /// What a batch has changed itself is newer.
    private func newest(_ found: SealedRecords, _ id: RecordID) -> SealedRecords {
        found.updated(by: LoggedRecords(changed.accounts[id], in: frame.bytes))
    }
}
