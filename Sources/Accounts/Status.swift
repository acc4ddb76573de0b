// `status` and `show`: what an app, and what an admin, may see of an account. Neither may change
// anything, nor show a secret.

import OneTimeCodes

package struct AccountStatus: Equatable, Sendable {
    package let isEnrolled: Bool
    package let isPending: Bool
    package let enrolledAt: Instant?
    package let backupCodesLeft: Int
    /// Until a TOTP code will be compared again.
    package let retryAfter: Duration?
    /// Whether the TOTP budget is locked.
    package let isLocked: Bool

    package init(_ account: Account, at now: Instant, under policy: ThrottlePolicy) {
        var account = account
        account.guard.settle(at: now, under: policy)
        isEnrolled = account.factor != nil
        isPending = account.pending.map { !$0.isExpired(at: now) } ?? false
        enrolledAt = account.factor?.enrolledAt
        backupCodesLeft = account.backupCodesLeft
        isLocked = account.guard.totp.isLocked
        retryAfter = isLocked ? nil : account.guard.totp.wait(at: now)
    }
}

package struct Status: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let status = AccountStatus(account, at: now, under: policy.throttle)
        return Outcome(account, .accepted(.status(status)), isEvent: false)
    }
}

package struct AccountDetails: Equatable, Sendable {
    package struct Budget: Equatable, Sendable {
        package let consecutiveFailures: UInt32
        package let longCount: Int64
        package let isLocked: Bool
        package let retryAfter: Duration?

        init(_ throttle: Throttle, at now: Instant, under policy: ThrottlePolicy) {
            var throttle = throttle
            throttle.settle(at: now, under: policy)
            consecutiveFailures = throttle.consecutiveFailures
            longCount = throttle.longCount.level(at: now)
            isLocked = throttle.isLocked
            retryAfter = throttle.wait(at: now)
        }
    }

    package let status: AccountStatus
    package let parameters: CodeParameters?
    package let lastStepBegan: Instant?
    package let totp: Budget
    package let backup: Budget
}

package struct Show: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let last = account.guard.lastStepBegan
        let details = AccountDetails(
            status: AccountStatus(account, at: now, under: policy.throttle),
            parameters: account.factor?.parameters,
            lastStepBegan: last == .distantPast ? nil : last,
            totp: AccountDetails.Budget(account.guard.totp, at: now, under: policy.throttle),
            backup: AccountDetails.Budget(account.guard.backup, at: now, under: policy.throttle))
        return Outcome(account, .accepted(.shown(details)), isEvent: false)
    }
}
