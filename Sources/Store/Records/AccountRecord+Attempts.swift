// A remembered attempt in the guard record. The kinds below are on disk, so each keeps its meaning.

import Accounts

extension RecordWriter {
    mutating func append(_ attempt: RememberedAttempt) {
        append(fixed: attempt.tag.attempt)
        append(fixed: attempt.tag.code)
        append(attempt.decidedAt.milliseconds)
        let (kind, left, device) = attempt.result.code
        append(kind)
        append(left)
        if let device { append(device.rawValue) }
    }
}

extension RecordReader {
    mutating func readAttempt(_ version: UInt8) throws(RecordFault) -> RememberedAttempt {
        let tag = AttemptTag(
            attempt: try read(fixed: AttemptTag.bytes), code: try read(fixed: AttemptTag.bytes))
        let decidedAt = try readInstant()
        let kind = try read(UInt8.self)
        let left = try read(UInt8.self)
        // Version 1 knew four kinds, and up to version 3 there were nine.
        guard version >= 2 || kind <= 3, version >= 4 || kind <= 8 else { throw .malformed }
        return RememberedAttempt(
            tag: tag, decidedAt: decidedAt, result: try readResult(kind, left))
    }

    private mutating func readResult(
        _ kind: UInt8, _ left: UInt8
    ) throws(RecordFault) -> RememberedAttempt.Result {
        switch (kind, left) {
        case (0, 0): return .wrongCode
        case (1, _): return .verified(.totp, backupCodesLeft: Int(left))
        case (2, _): return .verified(.backup, backupCodesLeft: Int(left))
        case (3, 0): return .void
        case (4, _): return .remembered(.totp, backupCodesLeft: Int(left), try readDeviceID())
        case (5, _): return .remembered(.backup, backupCodesLeft: Int(left), try readDeviceID())
        case (6, 0): return .gaveCodes
        case (7, 0): return .enrolled
        case (8, 0): return .done
        case (9, 0): return .answered
        default: throw .malformed
        }
    }

    mutating func readDeviceID() throws(RecordFault) -> DeviceID {
        DeviceID(rawValue: try read(UInt64.self))
    }
}

extension RememberedAttempt.Result {
    /// The kind, the backup codes left, and a device.
    fileprivate var code: (UInt8, UInt8, DeviceID?) {
        switch self {
        case .wrongCode: return (0, 0, nil)
        case .verified(.totp, let left): return (1, UInt8(left), nil)
        case .verified(.backup, let left): return (2, UInt8(left), nil)
        case .void: return (3, 0, nil)
        case .remembered(.totp, let left, let device): return (4, UInt8(left), device)
        case .remembered(.backup, let left, let device): return (5, UInt8(left), device)
        case .gaveCodes: return (6, 0, nil)
        case .enrolled: return (7, 0, nil)
        case .done: return (8, 0, nil)
        case .answered: return (9, 0, nil)
        }
    }
}
