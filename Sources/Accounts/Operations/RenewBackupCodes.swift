// `backup_codes`: a new set for a fresh code. The new set replaces the old one in the same step.

import OneTimeCodes

package struct RenewBackupCodes: Operation {
    package let code: SubmittedCode
    package let attempt: AttemptTag?

    package init(code: SubmittedCode, attempt: AttemptTag? = nil) {
        self.code = code
        self.attempt = attempt
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        switch account.recall(attempt, for: code, at: now, under: policy.throttle) {
        case .nothing:
            return renew(account, at: now, under: policy, with: prepared)
                .remembered(attempt, as: .gaveCodes, at: now)
        case .again(let outcome): return outcome
        case .lost(let noted, _):
            return noted.withFreshCodes(prepared, for: .backupCodes, at: now, else: account)
        }
    }

    private func renew(
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
            accepted.guard.endAttempts(that: .gaveCodes)
            // New look-up secrets are a new authenticator; their lock was the old ones'.
            accepted.guard.backup.rebind(at: now)
            accepted.guard.history.note(.backupCodesRenewed, by: .backupCodes, at: now)
            return .accepted(.done, accepted)
        }
    }
}

extension Account {
    /// The codes of an answer that was lost are void, and here are others. The budget of guesses at
    /// them stays what it is: the first answer has filled it.
    func withFreshCodes(
        _ prepared: Prepared, for operation: HistoryEntry.Operation, at now: Instant,
        else unchanged: Account
    ) -> Outcome {
        guard let newBackupCodes = prepared.newBackupCodes else {
            return .needs(Preparation(newBackupCodes: true), unchanged)
        }
        var account = self
        account.backupCodes = newBackupCodes
        account.guard.history.note(.backupCodesRenewed, by: operation, at: now)
        return .accepted(.done, account)
    }
}
