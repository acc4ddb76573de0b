// What an admin asked of many accounts at once, as an event: nothing is decided, and no account is
// touched. It must come before what it tells of, so that nothing is done that was not written down.

package struct Note: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        .accepted(.done, account)
    }
}
