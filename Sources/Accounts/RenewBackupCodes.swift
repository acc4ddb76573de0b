// `backup_codes`: a fresh set for a fresh code. The old set must never outlive the new one, nor be
// lost while there is none.

import OneTimeCodes

package struct RenewBackupCodes: Operation {
    package let code: SubmittedCode

    package init(code: SubmittedCode) {
        self.code = code
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let consumption = account.consume(
            code, for: .backupCodes, at: now, under: policy, with: prepared)
        switch consumption {
        case .not(var outcome):
            // Both pieces of slow work at once.
            if case .needs(var preparation) = outcome.answer {
                preparation.newBackupCodes = true
                outcome.answer = .needs(preparation)
            }
            return outcome
        case .accepted(var accepted, _, _):
            guard let newBackupCodes = prepared.newBackupCodes else {
                return .needs(Preparation(newBackupCodes: true), account)
            }
            accepted.backupCodes = newBackupCodes
            // New look-up secrets are a new authenticator; their lock was the old ones'.
            accepted.guard.backup.rebind()
            accepted.guard.history.note(.backupCodesRenewed, by: .backupCodes, at: now)
            return .accepted(.done, accepted)
        }
    }
}
