// `disable`: removes the second factor, for a fresh code. Used steps and the long count stay.

import OneTimeCodes

package struct Disable: Operation {
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
            return disable(account, at: now, under: policy, with: prepared)
                .remembered(attempt, as: .done, at: now)
        case .again(let outcome): return outcome
        case .lost: return account.mistakenAttempt
        }
    }

    private func disable(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let consumption = account.consume(
            code, for: .disable, at: now, under: policy, with: prepared)
        switch consumption {
        case .not(let outcome): return outcome
        case .accepted(var account, _, _):
            account.endFactor()
            account.pending = nil
            account.backupCodes = nil
            // A lock was on the factor that is gone now; it must not bar the next one.
            account.guard.totp.rebind(at: now)
            account.guard.backup.rebind(at: now)
            account.guard.wrongCodes = 0
            account.guard.history.note(.disabled, by: .disable, at: now)
            return .accepted(.done, account)
        }
    }
}
