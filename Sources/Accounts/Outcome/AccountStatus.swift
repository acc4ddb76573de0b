// What an app may see of an account. It holds no secret.

package struct AccountStatus: Equatable, Sendable {
    package let isEnrolled: Bool
    package let isPending: Bool
    package let enrolledAt: Instant?
    /// Whether the app requires a factor, so that whoever has none must enrol.
    package let isRequired: Bool
    /// Whether an authenticator has a short secret, so that its owner should enrol again.
    package let isWeak: Bool
    package let backupCodesLeft: Int
    /// Until a TOTP code will be compared again.
    package let retryAfter: Duration?
    /// Wrong TOTP codes, and wrong backup codes, until the next wait; nil when none has failed.
    package let triesLeft: Int?
    package let backupTriesLeft: Int?
    /// Whether the TOTP budget is locked.
    package let isLocked: Bool
    /// Where there are several, or one with a name; otherwise none.
    package let authenticators: [AuthenticatorStatus]
    /// Those that are not expired.
    package let devices: [DeviceStatus]

    package init(_ account: Account, at now: Instant, under policy: AppPolicy) {
        var account = account
        account.settle(at: now, under: policy)
        isEnrolled = account.factor != nil
        isPending = account.pending.map { !$0.isExpired(at: now) } ?? false
        enrolledAt = account.factor?.enrolledAt
        isRequired = policy.requiresFactor
        isWeak = account.authenticators.contains { $0.secret.isShort }
        backupCodesLeft = account.backupCodesLeft
        isLocked = account.guard.totp.isLocked
        retryAfter = account.strangersRetryAfter(.totp, at: now)
        triesLeft =
            retryAfter == nil ? account.guard.totp.triesLeft(at: now, under: policy.throttle) : nil
        backupTriesLeft = account.guard.backup.triesLeft(at: now, under: policy.throttle)
        let isTold = !account.others.isEmpty || account.factor?.name != nil
        authenticators =
            isTold
            ? account.ofEach { AuthenticatorStatus($0, account.usedSteps(at: $1)) } : []
        devices = account.devices.filter { !account.isOver($0, at: now, under: policy.devices) }
            .map { DeviceStatus($0, under: policy.devices) }
    }
}
