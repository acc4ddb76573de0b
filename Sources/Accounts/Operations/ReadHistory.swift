// `history`: what a person may be shown of the account's own past. It must never change anything.

package struct ReadHistory: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        Outcome(account, .accepted(.history(account.guard.history)), isEvent: false)
    }
}
