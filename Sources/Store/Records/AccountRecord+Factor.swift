// The factor record: names, secrets and the hashes of backup codes. Its plain text is a secret:
// whoever encodes it has to wipe it.

import Accounts
import OneTimeCodes
import Secrets

extension Account {
    /// Whether there is anything that the factor record keeps. It keeps at least the name where
    /// wrong codes count: a guard alone could neither be counted for its app nor be found again.
    /// (What older versions wrote of such an account is a guard alone, until it changes.)
    package var hasFactorRecord: Bool {
        factor != nil || pending != nil || backupCodes != nil || self.guard.hasCounts
    }
}

extension AccountRecord {
    package static func encodeFactor(_ account: Account) -> RecordWriter {
        // Without growing: what a writer grows out of is one more copy of the secrets.
        let devicesMax = account.devices.count * RecordWriter.deviceBytesMax
        let othersMax = account.others.count * RecordWriter.otherBytesMax
        var writer = RecordWriter(reserving: 1280 + devicesMax + othersMax)
        writer.append(text: account.name.app.description)
        writer.append(text: account.name.user)
        writer.append(secretOf: account.factor)
        writer.append(isThere: account.pending?.madeAfter)
        if let pending = account.pending {
            writer.append(pending.parameters)
            writer.append(pending.expiresAt.milliseconds)
            writer.append(secret: pending.secret)
            // One more than the tries left; 0 says that the throttle counts them.
            writer.append(UInt8(pending.rescueConfirmations.map { $0 + 1 } ?? 0))
        }
        writer.append(UInt8(account.backupCodes == nil ? 0 : 1))
        if let backupCodes = account.backupCodes {
            writer.append(fixed: backupCodes.salt)
            writer.append(UInt8(backupCodes.count))
            writer.append(fixed: backupCodes.hashBytes)
        }
        writer.append(account.devices)
        writer.append(othersOf: account)
        return writer
    }

    /// Reads into `account`, whose name the record must repeat.
    package static func decodeFactor(
        _ bytes: UnsafeRawBufferPointer, version: UInt8 = AccountRecord.version,
        into account: inout Account
    ) throws(RecordFault) {
        var reader = RecordReader(bytes)
        // Two names with one id would be a collision of 128 bits; a damaged index is likelier.
        guard try reader.skip(text: account.name.app.description),
            try reader.skip(text: account.name.user)
        else { throw .malformed }
        try decodeBody(&reader, version, into: &account)
    }

    /// Whose app the account is; no more of the record is read.
    package static func decodeApp(
        ofFactor bytes: UnsafeRawBufferPointer
    ) throws(RecordFault) -> AppName {
        var reader = RecordReader(bytes)
        guard let app = AppName(try reader.readText()) else { throw .malformed }
        return app
    }

    /// Reads a record of which only the key is known.
    package static func decodeFactor(
        _ bytes: UnsafeRawBufferPointer, version: UInt8 = AccountRecord.version
    ) throws(RecordFault) -> Account {
        var reader = RecordReader(bytes)
        let app = AppName(try reader.readText())
        let user = try reader.readText()
        guard let app, let name = AccountName(app: app, user: user) else { throw .malformed }
        var account = Account(name)
        try decodeBody(&reader, version, into: &account)
        return account
    }

    private static func decodeBody(
        _ reader: inout RecordReader, _ version: UInt8, into account: inout Account
    ) throws(RecordFault) {
        account.factor = try reader.readFactor(version)
        if let madeAfter = try reader.readMadeAfter(version) {
            let parameters = try reader.readParameters()
            let expiresAt = try reader.readInstant()
            let secret = try reader.readSecret()
            let rescue = try reader.read(UInt8.self)
            account.pending = Pending(
                secret: secret, parameters: parameters, expiresAt: expiresAt,
                rescueConfirmations: rescue == 0 ? nil : Int(rescue) - 1, madeAfter: madeAfter)
        }
        if try reader.readFlag() {
            let salt = try reader.read(fixed: PasswordHash.saltBytes)
            let count = Int(try reader.read(UInt8.self))
            let hashes = try reader.read(fixed: count * PasswordHash.bytes)
            account.backupCodes = BackupCodeSet(salt: salt, hashBytes: hashes)
        }
        if version >= 2 { account.devices = try reader.readDevices(version) }
        if version >= 11 { try reader.readOthers(version, into: &account) }
        try reader.finish()
    }
}

extension RecordWriter {
    /// All of an authenticator but its id and its name.
    mutating func append(secretOf factor: Factor?) {
        append(isThere: factor?.madeAfter)
        guard let factor else { return }
        append(factor.parameters)
        append(factor.enrolledAt.milliseconds)
        append(secret: factor.secret)
    }

    /// Whether a secret follows: 0 for none, 1 for one of which nothing more is known, 2 before the
    /// moment it was made after.
    fileprivate mutating func append(isThere madeAfter: Instant?) {
        guard let madeAfter else { return append(UInt8(0)) }
        guard madeAfter != .distantPast else { return append(UInt8(1)) }
        append(UInt8(2))
        append(madeAfter.milliseconds)
    }

    fileprivate mutating func append(_ parameters: CodeParameters) {
        append(parameters.algorithm.rawValue)
        append(UInt8(parameters.digits))
        append(UInt8(parameters.period))
    }
}

extension RecordReader {
    /// As the first authenticator, without a name.
    mutating func readFactor(_ version: UInt8) throws(RecordFault) -> Factor? {
        guard let madeAfter = try readMadeAfter(version) else { return nil }
        let parameters = try readParameters()
        let enrolledAt = try readInstant()
        let secret = try readSecret()
        return Factor(
            secret: secret, parameters: parameters, enrolledAt: enrolledAt, madeAfter: madeAfter)
    }

    /// Nil when no secret follows. Up to version 4 nothing more was known of any.
    fileprivate mutating func readMadeAfter(_ version: UInt8) throws(RecordFault) -> Instant? {
        guard version >= 5 else { return try readFlag() ? .distantPast : nil }
        switch try read(UInt8.self) {
        case 0: return nil
        case 1: return .distantPast
        case 2: return try readInstant()
        default: throw .malformed
        }
    }

    fileprivate mutating func readParameters() throws(RecordFault) -> CodeParameters {
        let algorithm = CodeAlgorithm(rawValue: try read(UInt8.self))
        let digits = Int(try read(UInt8.self))
        let period = Int(try read(UInt8.self))
        guard let algorithm,
            let parameters = CodeParameters(algorithm: algorithm, digits: digits, period: period)
        else { throw .malformed }
        return parameters
    }
}
