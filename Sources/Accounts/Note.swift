// What an admin asked of many accounts at once, or totpd found of itself, as an event: nothing is
// decided, and no account is touched. It must come before what it tells of, so that nothing is done
// that was not written down.

package struct Note: Operation {
    private let alert: Alert?

    package init(_ alert: Alert? = nil) { self.alert = alert }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        Outcome(account, .accepted(.done), alert: alert)
    }
}
