// A remembered attempt in the guard record. The kinds below are on disk, so each keeps its meaning.

import Accounts

extension RecordWriter {
    mutating func append(_ attempt: RememberedAttempt) {
        append(fixed: attempt.tag.attempt)
        append(fixed: attempt.tag.code)
        append(attempt.decidedAt.milliseconds)
        switch attempt.result {
        case .wrongCode: append(0, 0)
        case .void: append(3, 0)
        case .gaveCodes: append(6, 0)
        case .enrolled: append(7, 0)
        case .done: append(8, 0)
        case .answered: append(9, 0)
        case .added(let id): append(14, id.rawValue)
        case .verified(let method, let left, let wrongCodes, let device, let browser):
            let kind = kind(method, wrongCodes, device)
            append(browser == nil ? kind : kind | Self.withBrowser, UInt8(left))
            if wrongCodes > 0 { append(wrongCodes) }
            if let device { append(device.rawValue) }
            if let browser { append(browser.rawValue) }
        }
    }

    /// Beside a kind of yes: a known browser follows.
    fileprivate static let withBrowser: UInt8 = 0x80

    private mutating func append(_ kind: UInt8, _ left: UInt8) {
        append(kind)
        append(left)
    }

    private func kind(_ method: CodeMethod, _ wrongCodes: UInt16, _ device: DeviceID?) -> UInt8 {
        let first: UInt8
        switch (wrongCodes > 0, device != nil) {
        case (false, false): first = 1
        case (false, true): first = 4
        case (true, false): first = 10
        case (true, true): first = 12
        }
        return method == .totp ? first : first + 1
    }
}

extension RecordReader {
    mutating func readAttempt(_ version: UInt8) throws(RecordFault) -> RememberedAttempt {
        let tag = AttemptTag(
            attempt: try read(fixed: AttemptTag.bytes), code: try read(fixed: AttemptTag.bytes))
        let decidedAt = try readInstant()
        let kind = try read(UInt8.self)
        let left = try read(UInt8.self)
        // Version 1 knew four kinds, up to version 3 there were nine, up to version 6 ten, up to
        // version 8 none with a browser, and up to version 10 none of an authenticator.
        guard version >= 2 || kind <= 3, version >= 4 || kind <= 8, version >= 7 || kind <= 9,
            version >= 9 || kind < RecordWriter.withBrowser, version >= 11 || kind != 14
        else { throw .malformed }
        return RememberedAttempt(
            tag: tag, decidedAt: decidedAt, result: try readResult(kind, left))
    }

    private mutating func readResult(
        _ kind: UInt8, _ left: UInt8
    ) throws(RecordFault) -> RememberedAttempt.Result {
        switch (kind, left) {
        case (0, 0): return .wrongCode
        case (1, _), (2, _), (4, _), (5, _), (10...13, _): return try readYes(kind, left)
        case (0x81, _), (0x82, _), (0x84, _), (0x85, _), (0x8a...0x8d, _):
            return try readYes(kind & ~RecordWriter.withBrowser, left, hasBrowser: true)
        case (3, 0): return .void
        case (6, 0): return .gaveCodes
        case (7, 0): return .enrolled
        case (8, 0): return .done
        case (9, 0): return .answered
        case (14, 1...): return .added(try Self.authenticatorID(left))
        default: throw .malformed
        }
    }

    private mutating func readYes(
        _ kind: UInt8, _ left: UInt8, hasBrowser: Bool = false
    ) throws(RecordFault) -> RememberedAttempt.Result {
        let method: CodeMethod = [1, 4, 10, 12].contains(kind) ? .totp : .backup
        let wrongCodes = kind >= 10 ? try read(UInt16.self) : 0
        guard kind < 10 || wrongCodes > 0 else { throw .malformed }
        let device = [4, 5, 12, 13].contains(kind) ? try readDeviceID() : nil
        return .verified(
            method, backupCodesLeft: Int(left), wrongCodes: wrongCodes, device: device,
            browser: hasBrowser ? try readBrowserID() : nil)
    }

    mutating func readDeviceID() throws(RecordFault) -> DeviceID {
        DeviceID(rawValue: try read(UInt64.self))
    }
}
