// Writes the state anew at the end of each transaction that has changed what it binds.

import Secrets
import Store

struct StateKeeper: Sendable {
    let tables: Tables
    /// The newest seal.
    let seal: @Sendable () -> RecordSeal

    func begin() -> SetChange { SetChange(seal().keys.setHash) }

    func end(_ change: SetChange, _ transaction: borrowing Transaction) throws {
        guard change.isNeeded else { return }
        let seal = seal()
        guard var records = try Meta.state(transaction, tables, seal)?.records else {
            throw OpeningRefusal.mixed
        }
        records ^= change.hash
        try Meta.bind(records, transaction, tables, seal)
    }
}
