// The authenticators beside the first: their secrets in the factor record, and their used steps in
// the guard record. Of an account with one alone that has no name, the factor record has one byte
// of this, and the guard record none.

import Accounts
import OneTimeCodes
import Secrets

extension RecordWriter {
    /// What an authenticator beside the first takes at most.
    static let otherBytesMax =
        1 + 2 + Policy.authenticatorNameBytesMax + 9 + 3 + 8 + 2 + Policy.importedSecretBytesMax

    mutating func append(othersOf account: Account) {
        append(UInt8(account.hasPlainAuthenticator ? 0 : 1))
        guard !account.hasPlainAuthenticator else { return }
        append(account.newestID.rawValue)
        append(account.factor?.id.rawValue ?? 0)
        append(text: account.factor?.name ?? "")
        append(UInt8(account.others.count))
        for other in account.others {
            append(other.id.rawValue)
            append(text: other.name ?? "")
            append(secretOf: other)
        }
        append(UInt8(account.pending?.adds ?? false ? 1 : 0))
        append(text: account.pending?.name ?? "")
    }

    mutating func append(_ others: [UsedSteps]) {
        append(UInt8(others.count))
        for steps in others {
            append(steps.lastStepBegan.milliseconds)
            append(steps.drifts.rawValue)
            append(steps.offset)
        }
    }
}

extension Account {
    /// Whether there is nothing to say but what older records say: one authenticator, or an
    /// enrolment of one, without a name.
    fileprivate var hasPlainAuthenticator: Bool {
        others.isEmpty && newestID == .first
            && factor.map { $0.id == .first && $0.name == nil } ?? true
            && pending.map { !$0.adds && $0.name == nil } ?? true
    }
}

extension Factor {
    fileprivate func named(_ name: String?, id: AuthenticatorID) -> Factor {
        Factor(
            secret: secret, parameters: parameters, enrolledAt: enrolledAt, madeAfter: madeAfter,
            id: id, name: name)
    }
}

extension RecordReader {
    /// - Parameter account: whose first authenticator and whose enrolment were read.
    mutating func readOthers(
        _ version: UInt8, into account: inout Account
    ) throws(RecordFault) {
        guard try readFlag() else { return }
        account.newestID = try readAuthenticatorID()
        let first = AuthenticatorID(rawValue: try read(UInt8.self))
        let name = try readName()
        guard (first == nil) == (account.factor == nil), first != nil || name == nil else {
            throw .malformed
        }
        if let first { account.factor = account.factor?.named(name, id: first) }
        for _ in 0..<(try read(UInt8.self)) {
            let id = try readAuthenticatorID()
            let name = try readName()
            guard let other = try readFactor(version) else { throw .malformed }
            account.others.append(other.named(name, id: id))
        }
        guard account.others.isEmpty || account.factor != nil,
            account.authenticatorCount <= Policy.authenticatorsMax,
            Set(account.authenticators.map(\.id)).count == account.authenticatorCount
        else { throw .malformed }
        try readPendingName(into: &account)
        guard !account.hasPlainAuthenticator else { throw .malformed }
    }

    private mutating func readPendingName(into account: inout Account) throws(RecordFault) {
        let adds = try readFlag()
        let name = try readName()
        guard let pending = account.pending else {
            guard !adds, name == nil else { throw .malformed }
            return
        }
        guard !adds || account.factor != nil else { throw .malformed }
        account.pending = Pending(
            secret: pending.secret, parameters: pending.parameters, expiresAt: pending.expiresAt,
            rescueConfirmations: pending.rescueConfirmations, madeAfter: pending.madeAfter,
            adds: adds, name: name)
    }

    mutating func readOthers(_ version: UInt8) throws(RecordFault) -> [UsedSteps] {
        var others: [UsedSteps] = []
        for _ in 0..<(try read(UInt8.self)) {
            let began = try readInstant()
            let byte = try read(UInt8.self)
            guard let drifts = byte == 0 ? Drifts() : Drifts(rawValue: byte) else {
                throw .malformed
            }
            others.append(
                UsedSteps(
                    lastStepBegan: began, drifts: drifts,
                    offset: version < 12 ? 0 : try readOffset()))
        }
        guard others.count < Policy.authenticatorsMax else { throw .malformed }
        return others
    }

    /// None is ahead.
    mutating func readOffset() throws(RecordFault) -> Int8 {
        let offset = try read(Int8.self)
        guard -Int8(Policy.driftMaxRange.upperBound)...0 ~= offset else { throw .malformed }
        return offset
    }

    private mutating func readAuthenticatorID() throws(RecordFault) -> AuthenticatorID {
        try Self.authenticatorID(try read(UInt8.self))
    }

    static func authenticatorID(_ byte: UInt8) throws(RecordFault) -> AuthenticatorID {
        guard let id = AuthenticatorID(rawValue: byte) else { throw .malformed }
        return id
    }

    private mutating func readName() throws(RecordFault) -> String? {
        let name = try readText()
        return name.isEmpty ? nil : name
    }
}
