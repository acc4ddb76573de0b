// All accounts of one app in a view of the store, opened one after the other. Only the sealed name
// says whose an account is, so it opens every factor.

import Accounts
import Secrets
import Store

struct AccountsOfApp {
    let app: AppName
    let view: StoreView
    let job: Job

    /// Nil stands for an account that does not open, of whatever app.
    func forEach(
        _ transaction: borrowing Transaction, _ body: (Account?) throws(CopyFault) -> Void
    ) throws {
        let tables = view.tables
        let reader = AccountReader(seal: view.contents.seal)
        let guards = try LogOverlay(view.laps, over: .guards)
        job.expect(try transaction.count(tables.factors))
        try LogOverlay(view.laps, over: .factors).forEach(tables.factors, transaction) {
            key, sealed in
            try job.step()
            let state = try transaction.newest(guards[key], in: tables.guards, at: key)
            let account: Account?
            do throws(RecordFault) {
                account = try open(sealed, state, key, reader)
            } catch {
                transaction.trees.damage.note(error, at: key, in: .factors)
                return try body(nil)
            }
            if let account { try body(account) }
        }
    }

    /// Nil for another app's.
    private func open(
        _ factor: UnsafeRawBufferPointer, _ state: UnsafeRawBufferPointer?,
        _ key: UnsafeRawBufferPointer, _ reader: AccountReader
    ) throws(RecordFault) -> Account? {
        let records = SealedRecords(factor: factor, guard: state)
        guard var account = try reader.open(records, key), account.name.app == app else {
            return nil
        }
        account.usedBefore = view.contents.usedBefore
        return account
    }
}
