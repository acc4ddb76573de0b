// The guard record: what every attempt rewrites, and so as short as possible. A field that is as in
// a new account is not written.
//
// Why: most guards are a used step, a drift and a line of history, 19 bytes instead of 80. So a
// page of LMDB holds more of them, and a fold writes fewer pages.

import Accounts

/// Which fields follow. Raw values are on disk: never change one.
///
/// The second byte is there if one of its fields is, which is rare.
private struct GuardFields: OptionSet {
    let rawValue: UInt16

    static let factorRecord = GuardFields(rawValue: 1 << 0)
    static let retiredStep = GuardFields(rawValue: 1 << 1)
    static let totp = GuardFields(rawValue: 1 << 2)
    static let backup = GuardFields(rawValue: 1 << 3)
    static let attempts = GuardFields(rawValue: 1 << 4)
    static let drifts = GuardFields(rawValue: 1 << 5)
    /// A second byte follows. Up to version 6: `deviceFailures`.
    private static let more = GuardFields(rawValue: 1 << 6)
    static let history = GuardFields(rawValue: 1 << 7)
    static let deviceFailures = GuardFields(rawValue: 1 << 8)
    static let wrongCodes = GuardFields(rawValue: 1 << 9)
    static let browsers = GuardFields(rawValue: 1 << 10)
    static let others = GuardFields(rawValue: 1 << 11)
    static let offset = GuardFields(rawValue: 1 << 12)

    /// Up to version 8 without `browsers`, up to version 10 without `others`, and
    /// up to version 11 without `offset`.
    private static func known(_ version: UInt8) -> GuardFields {
        let bits = version < 9 ? 10 : version < 11 ? 11 : version < 12 ? 12 : 13
        return GuardFields(rawValue: 1 << UInt16(bits) - 1)
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A function, because an initialiser would be given a copy of the guard.
    static func of(_ state: Guard, hasFactorRecord: Bool) -> GuardFields {
        var fields: GuardFields = hasFactorRecord ? .factorRecord : []
        if state.retiredStepBegan != .distantPast { fields.insert(.retiredStep) }
        if state.totp != Throttle() { fields.insert(.totp) }
        if state.backup != Throttle() { fields.insert(.backup) }
        if !state.attempts.isEmpty { fields.insert(.attempts) }
        if state.drifts != Drifts() { fields.insert(.drifts) }
        if state.deviceFailures != DeviceFailures() { fields.insert(.deviceFailures) }
        if state.wrongCodes > 0 { fields.insert(.wrongCodes) }
        if !state.browsers.isEmpty { fields.insert(.browsers) }
        if !state.others.isEmpty { fields.insert(.others) }
        if state.offset != 0 { fields.insert(.offset) }
        if state.history.count > 0 { fields.insert(.history) }
        return fields
    }

    func append(to writer: inout RecordWriter) {
        let second = UInt8(rawValue >> 8)
        let first = UInt8(truncatingIfNeeded: rawValue)
        guard second > 0 else { return writer.append(first) }
        writer.append(first | UInt8(Self.more.rawValue))
        writer.append(second)
    }

    init(_ reader: inout RecordReader, _ version: UInt8) throws(RecordFault) {
        self.init(rawValue: UInt16(try reader.read(UInt8.self)))
        guard contains(.more) else { return }
        remove(.more)
        if version < 7 {
            insert(.deviceFailures)
        } else {
            let second = try reader.read(UInt8.self)
            formUnion(GuardFields(rawValue: UInt16(second) << 8))
            guard second > 0, isSubset(of: Self.known(version)) else { throw .malformed }
        }
    }
}

extension AccountRecord {
    /// A guard as bytes, or nil when there is nothing to keep.
    package static func encodeGuard(_ account: Account) -> RecordWriter? {
        let hasFactorRecord = account.hasFactorRecord
        guard hasFactorRecord || account.guard != Guard() else { return nil }
        return encode(account.guard, hasFactorRecord: hasFactorRecord)
    }

    /// The same as it is sealed in a pair: behind the mark of the factor record.
    package static func encodeGuard(
        _ account: Account, writtenWith mark: FactorMark
    ) -> RecordWriter? {
        let hasFactorRecord = account.hasFactorRecord
        guard hasFactorRecord || account.guard != Guard() else { return nil }
        return encode(account.guard, hasFactorRecord: hasFactorRecord, writtenWith: mark)
    }

    static func encode(
        _ state: Guard, hasFactorRecord: Bool, writtenWith mark: FactorMark? = nil
    ) -> RecordWriter {
        let fields = GuardFields.of(state, hasFactorRecord: hasFactorRecord)
        var writer = RecordWriter(reserving: 64)
        if let mark { writer.append(mark.rawValue) }
        fields.append(to: &writer)
        writer.append(state.lastStepBegan.milliseconds)
        if fields.contains(.retiredStep) { writer.append(state.retiredStepBegan.milliseconds) }
        if fields.contains(.totp) { writer.append(state.totp) }
        if fields.contains(.backup) { writer.append(state.backup) }
        if fields.contains(.attempts) {
            writer.append(UInt8(state.attempts.count))
            for attempt in state.attempts { writer.append(attempt) }
        }
        if fields.contains(.drifts) { writer.append(state.drifts.rawValue) }
        if fields.contains(.deviceFailures) {
            writer.append(state.deviceFailures.emptyAt.milliseconds)
        }
        if fields.contains(.wrongCodes) { writer.append(state.wrongCodes) }
        if fields.contains(.browsers) { writer.append(state.browsers) }
        if fields.contains(.others) { writer.append(state.others) }
        if fields.contains(.offset) { writer.append(state.offset) }
        if fields.contains(.history) {
            let history = state.history
            writer.append(UInt8(history.count))
            for index in 0..<history.count { writer.append(history[index]) }
        }
        return writer
    }

    /// Returns the guard, and whether a factor record belongs to it.
    package static func decodeGuard(
        _ bytes: UnsafeRawBufferPointer, version: UInt8 = AccountRecord.version
    ) throws(RecordFault) -> (Guard, hasFactorRecord: Bool) {
        guard version >= 3 else { return try decodeOldGuard(bytes, version: version) }
        var reader = RecordReader(bytes)
        let fields = try GuardFields(&reader, version)
        var state = Guard()
        state.lastStepBegan = try reader.readInstant()
        if fields.contains(.retiredStep) { state.retiredStepBegan = try reader.readInstant() }
        if fields.contains(.totp) { state.totp = try reader.readThrottle() }
        if fields.contains(.backup) { state.backup = try reader.readThrottle() }
        if fields.contains(.attempts) {
            for _ in 0..<(try reader.read(UInt8.self)) {
                state.attempts.append(try reader.readAttempt(version))
            }
        }
        if fields.contains(.drifts) { state.drifts = try reader.readDrifts(version) }
        if fields.contains(.deviceFailures) {
            state.deviceFailures.emptyAt = try reader.readInstant()
        }
        if fields.contains(.wrongCodes) { state.wrongCodes = try reader.read(UInt16.self) }
        if fields.contains(.browsers) { state.browsers = try reader.readBrowsers() }
        if fields.contains(.others) { state.others = try reader.readOthers(version) }
        if fields.contains(.offset) { state.offset = try reader.readOffset() }
        if fields.contains(.history) { state.history = try reader.readHistory() }
        try reader.finish()
        // What is as in a new account is never written, be it a field or all of them: no other
        // bytes say the same.
        let hasFactorRecord = fields.contains(.factorRecord)
        guard fields == GuardFields.of(state, hasFactorRecord: hasFactorRecord),
            hasFactorRecord || state != Guard()
        else { throw .malformed }
        return (state, hasFactorRecord)
    }
}

extension RecordWriter {
    fileprivate mutating func append(_ throttle: Throttle) {
        append(throttle.consecutiveFailures)
        append(throttle.waitsUntil.milliseconds)
        append(UInt8(throttle.isLocked ? 1 : 0))
        append(throttle.longCount.emptyAt.milliseconds)
    }
}

extension RecordReader {
    mutating func readThrottle() throws(RecordFault) -> Throttle {
        var throttle = Throttle()
        throttle.consecutiveFailures = try read(UInt32.self)
        throttle.waitsUntil = try readInstant()
        throttle.isLocked = try readFlag()
        throttle.longCount.emptyAt = try readInstant()
        return throttle
    }

    /// Up to version 5 the newest alone, and as one more than it: one step either side is all there
    /// is.
    fileprivate mutating func readDrifts(_ version: UInt8) throws(RecordFault) -> Drifts {
        let byte = try read(UInt8.self)
        guard version >= 6 else { return try Self.drifts(old: byte) }
        guard let drifts = Drifts(rawValue: byte) else { throw .malformed }
        return drifts
    }

    static func drifts(old byte: UInt8) throws(RecordFault) -> Drifts {
        guard byte <= 2, let drifts = Drifts(rawValue: byte + 1) else { throw .malformed }
        return drifts
    }

    mutating func readHistory() throws(RecordFault) -> History {
        let count = Int(try read(UInt8.self))
        guard count <= History.entriesMax else { throw .malformed }
        var history = History()
        for _ in 0..<count {
            guard let entry = HistoryEntry(bits: try read(UInt64.self)) else { throw .malformed }
            history.append(older: entry)
        }
        return history
    }
}
