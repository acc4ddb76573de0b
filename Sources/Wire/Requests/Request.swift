// A request line as a value. What a `Request` says is well formed and within limits; whatever is
// not must never get further than this module.

import Accounts
import OneTimeCodes
import Secrets

package struct Request: Sendable {
    package let id: JSONValue?
    package let operation: OperationName
    package let body: Body
    /// Where a code comes from, when the request says so: an address, or anything else that tells
    /// the app's clients apart.
    package let source: Source?

    init(id: JSONValue?, operation: OperationName, body: Body, source: Source? = nil) {
        (self.id, self.operation, self.body, self.source) = (id, operation, body, source)
    }

    /// The app of whose accounts or limits it asks; nil when it asks of neither.
    package var app: AppName? {
        switch body {
        case .account(let name, _): return name.app
        case .limit(let app, _): return app
        case .hello, .admin: return nil
        }
    }

    package enum Body: Sendable {
        case hello
        case account(AccountName, Asked)
        case admin(AdminRequest)
        case limit(AppName, LimitRequest)
    }

    /// What is asked of one account.
    package enum Asked: Sendable {
        case enroll(EnrollRequest)
        case confirm(TOTPCode, AttemptTag?)
        case cancel
        case verify(VerifyRequest)
        case renewBackupCodes(SubmittedCode, AttemptTag?)
        case disable(SubmittedCode, AttemptTag?)
        case status
        /// Nil for a text that is no token.
        case trusted(DeviceToken?)
        case forget(Forget.Which)
        case history
        case show
        case reset(reason: String, forgetsFuture: Bool)
        case unlock(reason: String?)
        case importFactor(Import, backupCodes: [BackupCode])
    }
}

extension Request {
    /// The longest line, without its LF.
    package static let lineBytesMax = 16_384
    package static let idBytesMax = 64

    /// Reads one line, without its LF.
    package static func parse(
        _ line: UnsafeRawBufferPointer, from caller: Caller
    ) throws(RefusedLine) -> Request {
        let fields: Fields
        do throws(JSONFault) {
            fields = try Fields(line)
        } catch {
            throw RefusedLine(
                id: nil, refusal: Refusal(.badRequest, field: error.field, detail: error.detail))
        }
        let id: JSONValue?
        do throws(Refusal) {
            id = try parseID(fields)
        } catch {
            throw RefusedLine(id: nil, refusal: error)
        }
        do throws(Refusal) {
            return try parse(fields, id, caller)
        } catch {
            throw RefusedLine(id: id, refusal: error)
        }
    }

    private static func parseID(_ fields: Fields) throws(Refusal) -> JSONValue? {
        guard let value = fields[.id] else { return nil }
        switch value {
        case .integer: return value
        case .string(let text) where text.utf8.count <= idBytesMax: return value
        case .null, .bool, .string, .array, .object:
            let detail = "an integer, or a string of at most \(idBytesMax) bytes, is expected"
            throw Fields.refusal(.id, detail)
        }
    }

    private static func parse(
        _ fields: Fields, _ id: JSONValue?, _ caller: Caller
    ) throws(Refusal) -> Request {
        let name = try fields.require(.op, fields.text(.op, bytes: 1...64))
        guard let operation = OperationName(name) else {
            throw Refusal(.unknownOp, detail: "there is no such operation")
        }
        guard caller.may(operation) else {
            throw caller.refusal
        }
        let named = try parseApp(fields)
        // Who greets has yet to hear which apps there are.
        let isGreeting = operation == .hello && named == nil
        let app = isGreeting ? .standard : try caller.app(naming: named)
        try fields.refuseAll(but: operation.fields)
        guard operation != .hello else {
            return Request(id: id, operation: operation, body: .hello)
        }
        guard operation != .limit else {
            let limit = try LimitRequest(fields)
            return Request(id: id, operation: operation, body: .limit(app, limit))
        }
        if let asked = try AdminRequestReader(fields: fields, app: named).request(operation) {
            return Request(id: id, operation: operation, body: .admin(asked))
        }

        let userRange = 1...Policy.userBytesMax
        let user = try fields.require(.user, fields.text(.user, bytes: userRange))
        guard let account = AccountName(app: app, user: user) else {
            throw Fields.noControlCharacters(.user)
        }
        let reader = RequestReader(fields: fields, user: user)
        let asked = try reader.asked(operation)
        return Request(
            id: id, operation: operation, body: .account(account, asked),
            source: try reader.source())
    }

    private static func parseApp(_ fields: Fields) throws(Refusal) -> AppName? {
        guard let text = try fields.text(.app, bytes: 1...Policy.appBytesMax) else { return nil }
        guard let app = AppName(text) else {
            throw Fields.refusal(.app, "letters a-z, digits and . _ - are expected")
        }
        return app
    }
}
