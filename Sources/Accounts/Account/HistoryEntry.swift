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
    }

    /// In whole seconds.
    package let at: Instant
    package let operation: Operation
    package let what: What

    package init(at moment: Instant, _ operation: Operation, _ what: What) {
        at = Instant(seconds: min(max(moment.seconds, 0), Self.secondsMax))
        self.operation = operation
        self.what = what
    }

    /// Some million years, in 48 bits.
    private static let secondsMax: Int64 = 1 << 48 - 1

    /// Seconds (48) ‖ operation (8) ‖ what (8); nil when it is none.
    package init?(bits: UInt64) {
        guard let what = What(rawValue: UInt8(truncatingIfNeeded: bits)),
            let operation = Operation(rawValue: UInt8(truncatingIfNeeded: bits >> 8))
        else { return nil }
        at = Instant(seconds: Int64(bits >> 16))
        self.operation = operation
        self.what = what
    }

    package var bits: UInt64 {
        UInt64(at.seconds) << 16 | UInt64(operation.rawValue) << 8 | UInt64(what.rawValue)
    }
}
