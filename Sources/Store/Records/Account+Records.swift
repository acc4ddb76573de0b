// Which of an account's two records a decision has changed. A new field of an account belongs into
// one of them.

import Accounts

extension Account {
    /// Takes the guard that belongs to the factor record that was read.
    package mutating func take(_ state: Guard) throws(RecordFault) {
        guard state.others.count == others.count else { throw .incomplete }
        `guard` = state
    }

    package func hasSameFactorRecord(as other: Account) -> Bool {
        factor == other.factor && pending == other.pending && backupCodes == other.backupCodes
            && devices == other.devices && others == other.others && newestID == other.newestID
    }
}
