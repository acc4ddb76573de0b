// `disable`: no second factor from here on, for a fresh code. It must never forget which steps were
// used, nor the long count.

import OneTimeCodes

package struct Disable: Operation {
    package let code: SubmittedCode

    package init(code: SubmittedCode) {
        self.code = code
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let consumption = account.consume(
            code, for: .disable, at: now, under: policy, with: prepared)
        switch consumption {
        case .not(let outcome): return outcome
        case .accepted(var account, _, _):
            account.factor = nil
            account.pending = nil
            account.backupCodes = nil
            account.devices = []
            account.guard.retireFactor()
            // A lock was on the factor that is gone now; it must not bar the next one.
            account.guard.totp.rebind()
            account.guard.backup.rebind()
            account.guard.attempts = []
            account.guard.history.note(.disabled, by: .disable, at: now)
            return .accepted(.done, account)
        }
    }
}
