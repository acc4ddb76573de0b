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
    /// Wrong TOTP codes, and wrong backup codes, until the next wait; nil when none has failed.
    package let triesLeft: Int?
    package let backupTriesLeft: Int?
    /// Whether the TOTP budget is locked.
    package let isLocked: Bool
    /// Those that are not expired.
    package let devices: [DeviceStatus]

    package init(_ account: Account, at now: Instant, under policy: AppPolicy) {
        var account = account
        account.settle(at: now, under: policy)
        isEnrolled = account.factor != nil
        isPending = account.pending.map { !$0.isExpired(at: now) } ?? false
        enrolledAt = account.factor?.enrolledAt
        backupCodesLeft = account.backupCodesLeft
        isLocked = account.guard.totp.isLocked
        retryAfter = account.guard.totp.retryAfter(at: now)
        triesLeft = account.guard.totp.triesLeft(at: now, under: policy.throttle)
        backupTriesLeft = account.guard.backup.triesLeft(at: now, under: policy.throttle)
        devices = account.devices.filter { !account.isOver($0, at: now, under: policy.devices) }
            .map { DeviceStatus($0, under: policy.devices) }
    }
}

package struct DeviceStatus: Equatable, Sendable {
    package let id: DeviceID
    package let label: String?
    package let createdAt: Instant
    package let usedAt: Instant
    package let expiresAt: Instant

    init(_ device: Device, under policy: DevicePolicy) {
        id = device.id
        label = device.label
        createdAt = device.createdAt
        usedAt = device.usedAt
        expiresAt = device.expiresAt(under: policy)
    }
}

package struct Status: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let status = AccountStatus(account, at: now, under: policy)
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
            retryAfter = throttle.retryAfter(at: now)
        }
    }

    package let status: AccountStatus
    package let parameters: CodeParameters?
    package let lastStepBegan: Instant?
    /// How many steps from the clock's the newest accepted step was.
    package let drift: Int8?
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
            status: AccountStatus(account, at: now, under: policy),
            parameters: account.factor?.parameters,
            lastStepBegan: last == .distantPast ? nil : last, drift: account.guard.drift,
            totp: AccountDetails.Budget(account.guard.totp, at: now, under: policy.throttle),
            backup: AccountDetails.Budget(account.guard.backup, at: now, under: policy.throttle))
        return Outcome(account, .accepted(.shown(details)), isEvent: false)
    }
}
