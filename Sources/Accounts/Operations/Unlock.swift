// `unlock`: an admin ends the waits and the lock of an account, on the record.

package struct Unlock: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let hasCounts = account.guard.totp != Throttle() || account.guard.backup != Throttle()
        guard account.factor != nil || account.pending != nil || hasCounts else {
            return .refused(.notEnrolled, account)
        }
        var account = account
        account.guard.totp = Throttle()
        account.guard.backup = Throttle()
        account.guard.deviceFailures = DeviceFailures()
        for index in account.guard.browsers.indices {
            account.guard.browsers[index].failures = 0
            account.guard.browsers[index].waitsUntil = .distantPast
        }
        if hasCounts { account.guard.history.note(.unlocked, by: .unlock, at: now) }
        return .accepted(.done, account)
    }
}
