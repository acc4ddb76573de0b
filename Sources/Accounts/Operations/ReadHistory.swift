// `history`: what a person may read about the account's past.

package struct ReadHistory: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        Outcome(account, .accepted(.history(account.guard.history)), isEvent: false)
    }
}
