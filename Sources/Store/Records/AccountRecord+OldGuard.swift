// Guards as versions 1 and 2 wrote them, with all fields in a row. Nothing writes them any more,
// but they stay readable for ever.

import Accounts

extension AccountRecord {
    static func decodeOldGuard(
        _ bytes: UnsafeRawBufferPointer, version: UInt8
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
            state.drifts = try reader.readOldDrifts()
            state.deviceFailures.emptyAt = try reader.readInstant()
            state.history = try reader.readHistory()
        }
        try reader.finish()
        return (state, hasFactorRecord)
    }
}

extension RecordReader {
    /// One step either side, or none yet.
    fileprivate mutating func readOldDrifts() throws(RecordFault) -> Drifts {
        let byte = try read(UInt8.self)
        return byte == 0xff ? Drifts() : try Self.drifts(old: byte)
    }
}
