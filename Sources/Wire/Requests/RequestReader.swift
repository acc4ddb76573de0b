// What each operation asks for, field by field. Codes are canonical once they leave this file.

import Accounts
import OneTimeCodes
import Secrets

struct RequestReader {
    let fields: Fields
    let app: AppName
    let user: String

    // MARK: Operations

    static func enroll(_ reader: Self) throws(Refusal) -> AskedOperation {
        let request = try reader.enroll()
        return AskedOperation(.enroll(request), code: request.code)
    }

    static func confirm(_ reader: Self) throws(Refusal) -> AskedOperation {
        let submitted = try reader.code()
        guard case .totp(let code) = submitted else {
            throw Fields.refusal(.code, "a code of the new secret is expected")
        }
        let attempt = try reader.attempt(submitted, .confirm)
        return AskedOperation(.complete(Confirm(code: code, attempt: attempt)))
    }

    static func cancel(_: Self) -> AskedOperation { AskedOperation(.complete(Cancel())) }

    static func verify(_ reader: Self) throws(Refusal) -> AskedOperation {
        let code = try reader.code()
        if try reader.acceptsTOTPOnly(), case .backup = code {
            throw Fields.refusal(.code, "a backup code is not accepted here")
        }
        let attempt = try reader.attempt(code, .verify)
        let verify = Verify(code: code, attempt: attempt, browser: try reader.browser())
        let wishes = try reader.wishes()
        let isPlain = wishes == VerifyWishes()
        return AskedOperation(isPlain ? .complete(verify) : .verify(verify, wishes), code: code)
    }

    static func renew(_ reader: Self) throws(Refusal) -> AskedOperation {
        let code = try reader.code()
        let attempt = try reader.attempt(code, .backupCodes)
        return AskedOperation(
            .complete(RenewBackupCodes(code: code, attempt: attempt)), code: code)
    }

    static func disable(_ reader: Self) throws(Refusal) -> AskedOperation {
        let code = try reader.code()
        let attempt = try reader.attempt(code, .disable)
        return AskedOperation(.complete(Disable(code: code, attempt: attempt)), code: code)
    }

    static func remove(_ reader: Self) throws(Refusal) -> AskedOperation {
        let code = try reader.code()
        let id = try reader.fields.require(.authenticator, reader.authenticator())
        let attempt = try reader.attempt(code, .remove)
        return AskedOperation(.complete(Remove(id, code: code, attempt: attempt)), code: code)
    }

    static func resync(_ reader: Self) throws(Refusal) -> AskedOperation {
        let (submitted, following) = (
            try reader.code(), try reader.fields.require(.next, reader.optionalCode(.next))
        )
        guard case .totp(let code) = submitted else {
            throw Fields.refusal(.code, "a code of the authenticator is expected")
        }
        guard case .totp(let next) = following else {
            throw Fields.refusal(.next, "the code behind it is expected")
        }
        let attempt = try reader.attempt(submitted, .resync, then: next)
        return AskedOperation(.complete(Resync(code: code, next: next, attempt: attempt)))
    }

    static func status(_: Self) -> AskedOperation { AskedOperation(.complete(Status())) }

    static func trusted(_ reader: Self) throws(Refusal) -> AskedOperation {
        AskedOperation(.trusted(try reader.deviceToken()))
    }

    static func forget(_ reader: Self) throws(Refusal) -> AskedOperation {
        AskedOperation(.complete(Forget(try reader.whichDevice())))
    }

    static func history(_: Self) -> AskedOperation { AskedOperation(.complete(ReadHistory())) }
    static func show(_: Self) -> AskedOperation { AskedOperation(.complete(Show())) }

    static func reset(_ reader: Self) throws(Refusal) -> AskedOperation {
        let reason = try reader.fields.require(.reason, reader.fields.reason())
        let forgetsFuture = try reader.fields.flag(.forgetFuture) ?? false
        var asked = AskedOperation(.complete(Reset(forgetsFuture: forgetsFuture)))
        asked.details.reason = reason
        asked.details.replacesUnreadable = true
        return asked
    }

    static func rename(_ reader: Self) throws(Refusal) -> AskedOperation {
        let range = 1...Policy.userBytesMax
        let user = try reader.fields.require(.to, reader.fields.text(.to, bytes: range))
        let text = try reader.fields.text(.toApp, bytes: 1...Policy.appBytesMax)
        guard let app = text == nil ? reader.app : text.flatMap({ AppName($0) }) else {
            throw Fields.refusal(.toApp, "letters a-z, digits and . _ - are expected")
        }
        guard let name = AccountName(app: app, user: user) else {
            throw Fields.noControlCharacters(.to)
        }
        var asked = AskedOperation(.rename(Rename(to: name)))
        asked.details.reason = try reader.fields.reason()
        return asked
    }

    static func unlock(_ reader: Self) throws(Refusal) -> AskedOperation {
        var asked = AskedOperation(.complete(Unlock()))
        asked.details.reason = try reader.fields.reason()
        return asked
    }

    // MARK: Codes

    private func code() throws(Refusal) -> SubmittedCode {
        try fields.require(.code, optionalCode())
    }

    private func optionalCode(_ field: FieldName = .code) throws(Refusal) -> SubmittedCode? {
        let range = 1...Policy.codeTextBytesMax
        guard let text = try fields.text(field, bytes: range) else { return nil }
        guard let code = SubmittedCode(text) else {
            throw Fields.refusal(field, "6 to 8 digits or a backup code are expected")
        }
        return code
    }

    private func acceptsTOTPOnly() throws(Refusal) -> Bool {
        guard let value = fields[.accept] else { return false }
        switch value {
        case .array([.string("totp")]): return true
        case .array([.string("totp"), .string("backup")]),
            .array([.string("backup"), .string("totp")]):
            return false
        case .null, .bool, .integer, .string, .array, .object:
            throw Fields.refusal(.accept, "[\"totp\"] or [\"totp\",\"backup\"] is expected")
        }
    }

    // MARK: Devices

    private func wishes() throws(Refusal) -> VerifyWishes {
        var wishes = VerifyWishes()
        wishes.label = try fields.plainText(.label, bytes: 1...Policy.deviceLabelBytesMax)
        wishes.isRemembered = try fields.flag(.remember) ?? false
        wishes.isKnown = try fields.flag(.known) ?? false
        guard wishes.label == nil || wishes.isRemembered else {
            throw Fields.refusal(.label, "a label is for a device that is remembered")
        }
        return wishes
    }

    /// Whatever a browser sends is a token, and at worst a stranger's.
    private func browser() throws(Refusal) -> AskedBrowser {
        var browser = AskedBrowser()
        let text = try fields.text(.browser, bytes: 0...Request.lineBytesMax)
        browser.sent = text.flatMap { BrowserToken($0)?.proof }
        browser.readmits = try fields.flag(.readmit) ?? false
        guard text != nil || !browser.readmits else {
            throw Fields.refusal(.readmit, "only a known browser readmits strangers")
        }
        return browser
    }

    /// Whatever a browser sends is a token, and at worst a bad one: a cookie that was cut short is
    /// no mistake of the client's.
    private func deviceToken() throws(Refusal) -> DeviceToken? {
        let range = 0...Request.lineBytesMax
        return DeviceToken(try fields.require(.device, fields.text(.device, bytes: range)))
    }

    private func whichDevice() throws(Refusal) -> Forget.Which {
        let text = try fields.text(.deviceID, bytes: 0...Request.lineBytesMax)
        return text.map { .one(DeviceID($0)) } ?? .all
    }

    // MARK: Attempts

    /// Without a code there is nothing to be charged twice, and nothing to remember.
    private func attempt(
        _ code: SubmittedCode?, _ operation: OperationName, then next: TOTPCode? = nil
    ) throws(Refusal) -> AttemptTag? {
        let range = Policy.attemptBytesRange
        guard let attempt = try fields.text(.attempt, bytes: range) else { return nil }
        guard attempt.utf8.allSatisfy(Self.isAttemptCharacter) else {
            throw Fields.refusal(.attempt, "letters, digits and . _ - are expected")
        }
        let canonical: String
        switch code {
        case .totp(let code): canonical = code.text + (next.map { " \($0.text)" } ?? "")
        case .backup(let code): canonical = code.canonical
        case nil: return nil
        }
        return AttemptTag(
            attempt: attempt, operation: operation.rawValue, canonicalCode: canonical)
    }

    /// Only a code has a source: an `enroll` without one is a guess at nothing.
    func source() throws(Refusal) -> Source? {
        guard let source = try fields.source() else { return nil }
        return fields[.code] == nil ? nil : source
    }

    private static func isAttemptCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            return true
        default: return false
        }
    }

    // MARK: Secrets and their parameters

    private func enroll() throws(Refusal) -> EnrollRequest {
        let issuer = try name(.issuer, bytes: 1...Policy.issuerBytesMax)
        let label = try name(.label, bytes: 1...Policy.labelBytesMax)
        if label == nil, user.utf8.contains(UInt8(ascii: ":")) {
            throw Fields.refusal(.label, "the user has a colon, so a label is required")
        }
        let code = try optionalCode()
        return EnrollRequest(
            issuer: issuer, label: label ?? user, parameters: try parameters(),
            qr: try fields.word(.qr, [("svg", .svg), ("png", .png), ("text", .text)]),
            code: code, attempt: try attempt(code, .enroll),
            adds: try fields.flag(.add) ?? false, name: try authenticatorName())
    }

    /// A name inside the key URI, where a colon separates.
    private func name(_ field: FieldName, bytes: ClosedRange<Int>) throws(Refusal) -> String? {
        guard let text = try fields.plainText(field, bytes: bytes) else { return nil }
        guard !text.utf8.contains(UInt8(ascii: ":")) else {
            throw Fields.refusal(field, "a colon is not allowed")
        }
        return text
    }

    func parameters() throws(Refusal) -> AskedParameters {
        let words = CodeAlgorithm.allCases.map { ($0.name, $0) }
        return AskedParameters(
            algorithm: try fields.word(.algorithm, words),
            digits: try integer(.digits, CodeParameters.digitsRange),
            period: try integer(.period, CodeParameters.periodRange))
    }

    private func integer(_ name: FieldName, _ range: ClosedRange<Int>) throws(Refusal) -> Int? {
        try fields.integer(name, Int64(range.lowerBound)...Int64(range.upperBound)).map { Int($0) }
    }

    // MARK: Authenticators

    private func authenticator() throws(Refusal) -> AuthenticatorID? {
        let ids = Int64(AuthenticatorID.first.rawValue)...Int64(UInt8.max)
        return try fields.integer(.authenticator, ids).flatMap {
            AuthenticatorID(rawValue: UInt8($0))
        }
    }

    func authenticatorName() throws(Refusal) -> String? {
        try fields.plainText(.name, bytes: 1...Policy.authenticatorNameBytesMax)
    }
}
