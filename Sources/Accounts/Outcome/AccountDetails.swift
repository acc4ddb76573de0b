// What an admin may see of an account. It holds no secret.

import OneTimeCodes

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
            retryAfter = throttle.retryAfter(at: now)
        }
    }

    package let status: AccountStatus
    package let parameters: CodeParameters?
    package let lastStepBegan: Instant?
    /// How many steps from the clock's the newest accepted step was.
    package let drift: Int8?
    /// See `AuthenticatorStatus.offset`; of the first authenticator.
    package let offset: Int8
    package let totp: Budget
    package let backup: Budget
}
