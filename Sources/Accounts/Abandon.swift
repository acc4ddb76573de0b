// What becomes of an enrolment that nobody has confirmed in its time: it goes, and with it the
// place among its app's accounts. It must never touch a factor, a count of attempts, or an
// enrolment that may still be confirmed.

package struct Abandon: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        // No event: the one of `enroll` said when it would end.
        var account = account
        if account.isAbandoned(at: now) { account.pending = nil }
        return Outcome(account, .accepted(.done), isEvent: false)
    }
}

extension Account {
    /// Whether all that there is of it, beside what attempts have left, is an enrolment that is too
    /// old to be confirmed.
    package func isAbandoned(at now: Instant) -> Bool {
        guard factor == nil, let pending else { return false }
        return pending.isExpired(at: now)
    }
}
