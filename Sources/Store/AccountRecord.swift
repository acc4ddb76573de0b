// An account as bytes: two records, what attempts only read (factor) and what they change (guard).
// A version that has been released must stay readable for ever.
//
// To change the format: raise `version`, keep the old reader, add a fixture that the old code wrote
// to Tests/Fixtures, and only then change the writer.

import Accounts
import OneTimeCodes
import Secrets

package enum AccountRecord {
    /// The version this code writes. It is also sealed in, as associated data.
    package static let version: UInt8 = 1

    /// A guard as bytes, or nil when there is nothing to keep.
    package static func encodeGuard(_ account: Account) -> RecordWriter? {
        let state = account.guard
        let hasFactorRecord = account.hasFactorRecord
        guard hasFactorRecord || state != Guard() else { return nil }
        var writer = RecordWriter(reserving: 256)
        writer.append(UInt8(hasFactorRecord ? 1 : 0))
        writer.append(state.lastStepBegan.milliseconds)
        writer.append(state.retiredStepBegan.milliseconds)
        for throttle in [state.totp, state.backup] {
            writer.append(throttle.consecutiveFailures)
            writer.append(throttle.waitsUntil.milliseconds)
            writer.append(UInt8(throttle.isLocked ? 1 : 0))
            writer.append(throttle.longCount.emptyAt.milliseconds)
        }
        writer.append(UInt8(state.attempts.count))
        for attempt in state.attempts {
            writer.append(fixed: attempt.tag.attempt)
            writer.append(fixed: attempt.tag.code)
            writer.append(attempt.decidedAt.milliseconds)
            let (kind, left) = attempt.result.code
            writer.append(kind)
            writer.append(left)
        }
        return writer
    }

    /// Returns the guard, and whether a factor record belongs to it.
    package static func decodeGuard(
        _ bytes: UnsafeRawBufferPointer
    ) throws(RecordFault) -> (Guard, hasFactorRecord: Bool) {
        var reader = RecordReader(bytes)
        let hasFactorRecord = try reader.readFlag()
        var state = Guard()
        state.lastStepBegan = try reader.readInstant()
        state.retiredStepBegan = try reader.readInstant()
        state.totp = try reader.readThrottle()
        state.backup = try reader.readThrottle()
        for _ in 0..<(try reader.read(UInt8.self)) {
            let tag = AttemptTag(
                attempt: try reader.read(fixed: AttemptTag.bytes),
                code: try reader.read(fixed: AttemptTag.bytes))
            let decidedAt = try reader.readInstant()
            let kind = try reader.read(UInt8.self)
            let left = try reader.read(UInt8.self)
            guard let result = RememberedAttempt.Result(code: kind, left: left) else {
                throw .malformed
            }
            state.attempts.append(
                RememberedAttempt(tag: tag, decidedAt: decidedAt, result: result))
        }
        try reader.finish()
        return (state, hasFactorRecord)
    }
}

extension RecordReader {
    package mutating func readFlag() throws(RecordFault) -> Bool {
        switch try read(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw .malformed
        }
    }

    mutating func readInstant() throws(RecordFault) -> Instant {
        Instant(milliseconds: try read(Int64.self))
    }

    fileprivate mutating func readThrottle() throws(RecordFault) -> Throttle {
        var throttle = Throttle()
        throttle.consecutiveFailures = try read(UInt32.self)
        throttle.waitsUntil = try readInstant()
        throttle.isLocked = try readFlag()
        throttle.longCount.emptyAt = try readInstant()
        return throttle
    }
}

extension RememberedAttempt.Result {
    fileprivate var code: (UInt8, UInt8) {
        switch self {
        case .wrongCode: return (0, 0)
        case .verified(.totp, let left): return (1, UInt8(left))
        case .verified(.backup, let left): return (2, UInt8(left))
        case .void: return (3, 0)
        }
    }

    fileprivate init?(code: UInt8, left: UInt8) {
        switch code {
        case 0: self = .wrongCode
        case 1: self = .verified(.totp, backupCodesLeft: Int(left))
        case 2: self = .verified(.backup, backupCodesLeft: Int(left))
        case 3: self = .void
        default: return nil
        }
    }
}
