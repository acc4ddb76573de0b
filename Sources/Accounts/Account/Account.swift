// One account's whole state, as values. It holds secrets, which print as <secret>; nothing in it
// may depend on where it is stored.

import OneTimeCodes
import Secrets

package struct Account: Equatable, Sendable {
    package let name: AccountName
    /// The factor that counts; nil when there is none.
    package var factor: Factor?
    /// An enrolment that waits for its first code, beside the factor it may replace.
    package var pending: Pending?
    /// Nil when none were ever given, as after an import.
    package var backupCodes: BackupCodeSet?
    /// Browsers that need no code; they go with the factor.
    package var devices: [Device] = []
    /// What attempts change.
    package var `guard`: Guard
    /// What the store may have forgotten. The same for all accounts; not a part of their records.
    package var usedBefore = UsedBefore.never
    /// There is nothing of the account yet, and its app has as many accounts as it may have. Not a
    /// part of its records: whoever decides has counted.
    package var isOneTooMany = false

    /// The account of a name that was never seen.
    package init(_ name: AccountName) {
        self.name = name
        `guard` = Guard()
    }

    package var backupCodesLeft: Int { backupCodes?.count ?? 0 }

    /// When the newest step of its factor began that is accepted no more.
    package func newestUsedStepBegan(_ factor: Factor) -> Instant {
        max(self.guard.lastStepBegan, forgottenStepBegan(factor.parameters))
    }

    /// When the newest step began that the store may have forgotten: the last of those whose codes
    /// were accepted then.
    func forgottenStepBegan(_ parameters: CodeParameters) -> Instant {
        guard usedBefore.steps != .distantPast else { return .distantPast }
        let newest = TOTP.step(at: usedBefore.steps.seconds, period: parameters.period)
        let period = Int64(parameters.period)
        return Instant(seconds: (newest + Int64(Policy.windowSteps)) * period)
    }
}

/// A secret that makes codes, and how.
package struct Factor: Equatable, Sendable {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    package let enrolledAt: Instant

    package init(secret: SecretBytes, parameters: CodeParameters, enrolledAt: Instant) {
        self.secret = secret
        self.parameters = parameters
        self.enrolledAt = enrolledAt
    }
}

package struct Pending: Equatable, Sendable {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    package let expiresAt: Instant
    /// Tries left outside the throttle, when a backup code began this enrolment; else nil.
    package var rescueConfirmations: Int?

    package init(
        secret: SecretBytes, parameters: CodeParameters, expiresAt: Instant,
        rescueConfirmations: Int?
    ) {
        self.secret = secret
        self.parameters = parameters
        self.expiresAt = expiresAt
        self.rescueConfirmations = rescueConfirmations
    }

    package func isExpired(at now: Instant) -> Bool { now >= expiresAt }
}

/// Backup codes as the store keeps them: slow hashes under one salt, one fewer with each use.
package struct BackupCodeSet: Equatable, Sendable {
    package let salt: [UInt8]
    /// One hash after the other, because an account is read far more often than its codes are used.
    package private(set) var hashBytes: [UInt8]

    package init(salt: [UInt8], hashes: [[UInt8]]) {
        self.init(salt: salt, hashBytes: hashes.flatMap { $0 })
    }

    /// - Parameter hashBytes: whole hashes of `PasswordHash.bytes`: a record's reader takes so many
    ///   bytes for each that it counts, and who hashes makes no others.
    package init(salt: [UInt8], hashBytes: [UInt8]) {
        precondition(hashBytes.count.isMultiple(of: PasswordHash.bytes), "hashes are whole")
        self.salt = salt
        self.hashBytes = hashBytes
    }

    package var count: Int { hashBytes.count / PasswordHash.bytes }

    /// Whether all codes that are left here are also there.
    func isSubset(of other: BackupCodeSet) -> Bool {
        salt == other.salt && Set(hashes).isSubset(of: other.hashes)
    }

    private var hashes: [ArraySlice<UInt8>] {
        stride(from: 0, to: hashBytes.count, by: PasswordHash.bytes).map {
            hashBytes[$0..<($0 + PasswordHash.bytes)]
        }
    }

    /// Removes the code with this hash. Compares with all of them, in the same time whichever it
    /// is.
    mutating func consume(_ hash: [UInt8]) -> Bool {
        var found: Range<Int>?
        let size = PasswordHash.bytes
        for start in stride(from: 0, to: hashBytes.count, by: size) {
            let range = start..<(start + size)
            let isEqual = hashBytes.withUnsafeBytes { bytes in
                hash.withUnsafeBytes { hash in
                    SecretBytes.areEqual(UnsafeRawBufferPointer(rebasing: bytes[range]), hash)
                }
            }
            if isEqual { found = range }
        }
        guard let found else { return false }
        hashBytes.removeSubrange(found)
        return true
    }
}

/// What every attempt may change: kept apart from the factor, which attempts only read.
package struct Guard: Equatable, Sendable {
    /// When the newest step began whose code was accepted for the present factor. A moment, not a
    /// number, so that it keeps its meaning when an import changes the period.
    package var lastStepBegan = Instant.distantPast
    /// The same for all factors that are gone. Only `Import` asks for it, since it alone can bring
    /// an old secret back; a fresh one must not be barred by what a clock that ran ahead once left
    /// here.
    package var retiredStepBegan = Instant.distantPast
    package var totp = Throttle()
    package var backup = Throttle()
    package var attempts: [RememberedAttempt] = []
    /// How many steps from the clock's the newest accepted step was; nil before the first.
    package var drift: Int8?
    package var deviceFailures = DeviceFailures()
    package var history = History()

    package init() {}

    /// The present factor goes; its used steps are remembered.
    mutating func retireFactor() {
        retiredStepBegan = max(retiredStepBegan, lastStepBegan)
        lastStepBegan = .distantPast
        drift = nil
    }
}
