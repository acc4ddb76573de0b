// `status`: what an app may see of an account. It changes nothing.

package struct Status: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let status = AccountStatus(account, at: now, under: policy)
        return Outcome(account, .accepted(.status(status)), isEvent: false)
    }
}
