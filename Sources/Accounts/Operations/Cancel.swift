// `cancel`: drops an enrolment that was not confirmed. It must never touch the factor or a count.

package struct Cancel: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard account.pending != nil else { return .refused(.noEnrollment, account) }
        var account = account
        account.pending = nil
        return .accepted(.done, account)
    }
}
