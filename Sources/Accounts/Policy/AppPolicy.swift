// What an admin may set for one app. Whoever makes one checks it against the bounds in `Policy`
// first.

import OneTimeCodes

/// A class, because each request carries one: a copy costs one count.
package final class AppPolicy: Sendable {
    /// What holds for an app that no configuration speaks of.
    package static let standard = AppPolicy()

    /// The site's name for an `enroll` that brings none.
    package let issuer: String?
    /// What an `enroll` leaves unsaid.
    package let parameters: CodeParameters
    /// How many accounts may have a factor or wait for its first code; those that waited in vain
    /// are among them, and those that wrong codes have left, until somebody finds no room.
    package let accountsMax: Int
    /// Whether somebody without a factor has to enrol.
    package let requiresFactor: Bool
    /// Whether an import may bring secrets of less than `Policy.importedSecretBytesMin`.
    package let allowsShortSecrets: Bool
    /// How many steps behind an authenticator's clock may be learnt to be.
    package let driftMax: Int8
    package let throttle: ThrottlePolicy
    package let devices: DevicePolicy
    package let source: SourcePolicy
    /// The limits that a request may name instead of saying them.
    package let limits: [String: LimitPolicy]

    package init(
        issuer: String? = nil, parameters: CodeParameters = .standard,
        accountsMax: Int = Policy.accountsMaxRange.upperBound,
        requiresFactor: Bool = false, allowsShortSecrets: Bool = false, driftMax: Int8 = 0,
        throttle: ThrottlePolicy = .standard, devices: DevicePolicy = .standard,
        source: SourcePolicy = .standard, limits: [String: LimitPolicy] = [:]
    ) {
        self.issuer = issuer
        self.parameters = parameters
        self.accountsMax = accountsMax
        self.requiresFactor = requiresFactor
        self.allowsShortSecrets = allowsShortSecrets
        self.driftMax = driftMax
        self.throttle = throttle
        self.devices = devices
        self.source = source
        self.limits = limits
    }

    /// While somebody guesses at the app's accounts: each that has any failure accepts one step.
    package var guessedAt: AppPolicy {
        var throttle = throttle
        throttle.narrowFrom = 1
        return AppPolicy(
            issuer: issuer, parameters: parameters, accountsMax: accountsMax,
            requiresFactor: requiresFactor, allowsShortSecrets: allowsShortSecrets,
            driftMax: driftMax, throttle: throttle, devices: devices, source: source, limits: limits
        )
    }
}

extension AppPolicy: Equatable {
    package static func == (left: AppPolicy, right: AppPolicy) -> Bool {
        left.issuer == right.issuer && left.parameters == right.parameters
            && left.accountsMax == right.accountsMax
            && left.requiresFactor == right.requiresFactor
            && left.allowsShortSecrets == right.allowsShortSecrets
            && left.driftMax == right.driftMax
            && left.throttle == right.throttle
            && left.devices == right.devices && left.source == right.source
            && left.limits == right.limits
    }
}
