// `history`: what a person may read about the account's past.

package struct ReadHistory: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let lines = account.guard.history.newestFirst.map { HistoryLine($0, of: account) }
        return Outcome(account, .accepted(.history(lines)), isEvent: false)
    }
}
