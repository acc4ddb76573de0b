// `show`: what an admin may see of an account. It changes nothing.

package struct Show: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let last = account.guard.lastStepBegan
        let details = AccountDetails(
            status: AccountStatus(account, at: now, under: policy),
            parameters: account.factor?.parameters,
            lastStepBegan: last == .distantPast ? nil : last, drift: account.guard.drifts.newest,
            offset: account.guard.offset,
            totp: AccountDetails.Budget(account.guard.totp, at: now, under: policy.throttle),
            backup: AccountDetails.Budget(account.guard.backup, at: now, under: policy.throttle))
        return Outcome(account, .accepted(.shown(details)), isEvent: false)
    }
}
