// One thing about an account that its owner should hear of.

package struct HistoryEntry: Equatable, Sendable {
    /// What happened. Raw values are in records: never change one.
    package enum What: UInt8, CaseIterable, Sendable {
        case enrolled = 1
        case backupCodesRenewed = 2
        case backupCodeUsed = 3
        case deviceRemembered = 4
        case deviceEnded = 5
        case stolenDevice = 6
        case locked = 7
        case unlocked = 8
        case disabled = 9
        case reset = 10
        case imported = 11
        case authenticatorAdded = 12
        case authenticatorRemoved = 13
        case renamed = 14
    }

    /// What was asked for when it happened. Raw values are in records: never change one.
    package enum Operation: UInt8, CaseIterable, Sendable {
        case enroll = 1
        case confirm = 2
        case verify = 3
        case backupCodes = 4
        case disable = 5
        case trusted = 6
        case forget = 7
        case reset = 8
        case unlock = 9
        case importFactor = 10
        case remove = 11
        case rename = 12
        case resync = 13
    }

    /// In whole seconds.
    package let at: Instant
    package let operation: Operation
    package let what: What
    /// Which one came beside others, or went.
    package let authenticator: AuthenticatorID?

    package init(
        at moment: Instant, _ operation: Operation, _ what: What,
        of authenticator: AuthenticatorID? = nil
    ) {
        at = Instant(seconds: min(max(moment.seconds, 0), Self.secondsMax))
        self.operation = operation
        self.what = what
        self.authenticator = authenticator
    }

    /// About 30,000 years, in 40 bits: no clock gets there.
    private static let secondsMax: Int64 = 1 << 40 - 1

    /// Authenticator, or 0 (8) ‖ seconds (40) ‖ operation (8) ‖ what (8); nil when it is none.
    package init?(bits: UInt64) {
        guard let what = What(rawValue: UInt8(truncatingIfNeeded: bits)),
            let operation = Operation(rawValue: UInt8(truncatingIfNeeded: bits >> 8))
        else { return nil }
        at = Instant(seconds: Int64(bits >> 16) & Self.secondsMax)
        authenticator = AuthenticatorID(rawValue: UInt8(bits >> 56))
        self.operation = operation
        self.what = what
    }

    package var bits: UInt64 {
        UInt64(authenticator?.rawValue ?? 0) << 56 | UInt64(at.seconds) << 16
            | UInt64(operation.rawValue) << 8 | UInt64(what.rawValue)
    }
}
