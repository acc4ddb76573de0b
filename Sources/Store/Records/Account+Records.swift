// Which of an account's two records a decision has changed. A new field of an account belongs into
// one of them.

import Accounts

extension Account {
    package func hasSameFactorRecord(as other: Account) -> Bool {
        factor == other.factor && pending == other.pending && backupCodes == other.backupCodes
            && devices == other.devices
    }
}
