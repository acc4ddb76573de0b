// One account's whole state, as values. It holds secrets, which print as <secret>. It does not
// depend on where it is stored.

import OneTimeCodes

package struct Account: Equatable, Sendable {
    package internal(set) var name: AccountName
    /// The first authenticator; nil when there is none, and then there is no factor.
    package var factor: Factor?
    /// The authenticators beside the first, in the order in which they came. `Guard.others` has as
    /// many.
    package var others: [Factor] = []
    /// The newest id that an authenticator of this factor was given.
    package var newestID = AuthenticatorID.first
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

    /// When the newest step began whose use the store may have forgotten: the last of those whose
    /// codes were accepted then. A secret that was made since has none.
    ///
    /// - Parameter forgotten: what the store had forgotten when the secret was made.
    func forgottenStepBegan(
        _ parameters: CodeParameters, madeAfter forgotten: Instant
    ) -> Instant {
        guard usedBefore.steps != forgotten else { return .distantPast }
        let newest = TOTP.step(at: usedBefore.steps.seconds, period: parameters.period)
        let period = Int64(parameters.period)
        return Instant(seconds: (newest + Int64(Policy.windowSteps)) * period)
    }
}
