// `cancel`: drops an enrolment that was not confirmed. The factor and all counts stay.

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
