// Which of an account's two records a decision has changed. What is in neither must not be asked
// for.

import Accounts

extension Account {
    func hasSameFactorRecord(as other: Account) -> Bool {
        factor == other.factor && pending == other.pending && backupCodes == other.backupCodes
            && devices == other.devices
    }

    func hasSameGuardRecord(as other: Account) -> Bool {
        self.guard == other.guard && hasFactorRecord == other.hasFactorRecord
    }
}
