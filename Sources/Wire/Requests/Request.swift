// A request line as a value. A `Request` is well formed and within limits: this module refuses
// everything else.

import Accounts
import JSON
import OneTimeCodes
import Secrets

package struct Request: Sendable {
    package let id: JSONValue?
    package let operation: OperationName
    package let body: Body
    /// Where a code comes from, when the request says so: an address, or anything else that tells
    /// the app's clients apart.
    package let source: Source?
    /// Whether answering may take slow work, or work of many steps: later requests of its
    /// connection wait then, so that they do not overtake it.
    package let mayBeSlow: Bool

    init(
        id: JSONValue?, _ rules: OperationRules, body: Body, source: Source? = nil,
        isSlow: Bool = false
    ) {
        (self.id, self.body, self.source) = (id, body, source)
        operation = rules.name
        mayBeSlow = isSlow || rules.isSlow
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
        case account(AccountName, AskedOperation)
        case admin(AdminRequest)
        case limit(AppName, LimitRequest)
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
        guard let rules = OperationRules.of(name) else {
            throw Refusal(.unknownOp, detail: "there is no such operation")
        }
        guard caller.may(rules) else { throw caller.refusal }
        let named = try parseApp(fields)
        // Who greets has yet to hear which apps there are.
        if case .hello = rules.reading, named == nil {
            try fields.refuseAll(but: rules.fields)
            return Request(id: id, rules, body: .hello)
        }
        let app = try caller.app(naming: named)
        try fields.refuseAll(but: rules.fields)
        switch rules.reading {
        case .hello: return Request(id: id, rules, body: .hello)
        case .limit: return Request(id: id, rules, body: .limit(app, try LimitRequest(fields)))
        case .admin(let read):
            let asked = try AdminRequestReader(fields: fields, app: named).request(read)
            return Request(id: id, rules, body: .admin(asked))
        case .account(let read):
            let range = 1...Policy.userBytesMax
            let user = try fields.require(.user, fields.text(.user, bytes: range))
            guard let account = AccountName(app: app, user: user) else {
                throw Fields.noControlCharacters(.user)
            }
            let reader = RequestReader(fields: fields, app: app, user: user)
            let asked = try read(reader)
            return Request(
                id: id, rules, body: .account(account, asked), source: try reader.source(),
                isSlow: asked.isSlow)
        }
    }

    private static func parseApp(_ fields: Fields) throws(Refusal) -> AppName? {
        guard let text = try fields.text(.app, bytes: 1...Policy.appBytesMax) else { return nil }
        guard let app = AppName(text) else {
            throw Fields.refusal(.app, "letters a-z, digits and . _ - are expected")
        }
        return app
    }
}
