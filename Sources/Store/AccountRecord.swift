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
    package static let version: UInt8 = 2
    /// The versions it reads: 1 knew no devices, no drift and no history.
    package static let versions: ClosedRange<UInt8> = 1...2

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
        for attempt in state.attempts { writer.append(attempt) }
        // One more than the drift itself; 0xff says that there is none.
        writer.append(state.drift.map { UInt8(bitPattern: $0 + 1) } ?? 0xff)
        writer.append(state.deviceFailures.emptyAt.milliseconds)
        let history = state.history
        writer.append(UInt8(history.count))
        for index in 0..<history.count { writer.append(history[index]) }
        return writer
    }

    /// Returns the guard, and whether a factor record belongs to it.
    package static func decodeGuard(
        _ bytes: UnsafeRawBufferPointer, version: UInt8 = AccountRecord.version
    ) throws(RecordFault) -> (Guard, hasFactorRecord: Bool) {
        var reader = RecordReader(bytes)
        let hasFactorRecord = try reader.readFlag()
        var state = Guard()
        state.lastStepBegan = try reader.readInstant()
        state.retiredStepBegan = try reader.readInstant()
        state.totp = try reader.readThrottle()
        state.backup = try reader.readThrottle()
        for _ in 0..<(try reader.read(UInt8.self)) {
            state.attempts.append(try reader.readAttempt(version))
        }
        if version >= 2 {
            state.drift = try reader.readDrift()
            state.deviceFailures.emptyAt = try reader.readInstant()
            state.history = try reader.readHistory()
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

extension RecordReader {
    /// One step either side, or none yet.
    fileprivate mutating func readDrift() throws(RecordFault) -> Int8? {
        let byte = try read(UInt8.self)
        guard byte != 0xff else { return nil }
        guard byte <= 2 else { throw .malformed }
        return Int8(byte) - 1
    }

    fileprivate mutating func readHistory() throws(RecordFault) -> History {
        let count = Int(try read(UInt8.self))
        guard count <= History.entriesMax else { throw .malformed }
        var entries: [HistoryEntry] = []
        for _ in 0..<count {
            guard let entry = HistoryEntry(bits: try read(UInt64.self)) else { throw .malformed }
            entries.append(entry)
        }
        return History(entries)
    }
}
