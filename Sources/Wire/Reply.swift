// A reply as a value, and as its line. `"ok":true` must never be written for anything but a yes.

import Accounts
import OneTimeCodes

package enum Reply: Sendable {
    case hello(Hello)
    case enrolled(Enrolled)
    case backupCodes([BackupCode])
    case verified(CodeMethod, backupCodesLeft: Int)
    case status(AccountStatus)
    case shown(AccountDetails)
    case limited(LimitStatus)
    case admin(AdminReply)
    case done
    case refused(Refusal)
}

package struct Hello: Sendable {
    package let version: String
    package let caller: Caller
    package let pipelineMax: Int

    package init(version: String, caller: Caller, pipelineMax: Int) {
        self.version = version
        self.caller = caller
        self.pipelineMax = pipelineMax
    }
}

package struct Enrolled: Sendable {
    package let secret: String
    package let uri: String
    package let qr: String?
    package let expiresIn: Duration

    package init(secret: String, uri: String, qr: String?, expiresIn: Duration) {
        self.secret = secret
        self.uri = uri
        self.qr = qr
        self.expiresIn = expiresIn
    }
}

extension Reply {
    /// The protocol's version: raised when a client could misunderstand.
    package static let protocolVersion = 1

    /// The whole line, with its LF.
    package func line(id: JSONValue?) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(128)
        write(to: &line, id: id)
        return line
    }

    /// Appends the whole line, with its LF.
    package func write(to lines: inout [UInt8], id: JSONValue?) {
        var writer = JSONWriter(continuing: &lines)
        writer.begin()
        if let id { writer.field("id", id) }
        switch self {
        case .refused(let refusal):
            writer.field("ok", false)
            writer.write(refusal)
        case .hello(let hello):
            writer.field("ok", true)
            writer.write(hello)
        case .enrolled(let enrolled):
            writer.field("ok", true)
            writer.write(enrolled)
        case .backupCodes(let codes):
            writer.field("ok", true)
            writer.field("backup_codes", codes.map(\.text))
        case .verified(let method, let left):
            writer.field("ok", true)
            writer.field("method", method.rawValue)
            writer.field("backup_codes_left", left)
        case .status(let status):
            writer.field("ok", true)
            writer.write(status)
        case .shown(let details):
            writer.field("ok", true)
            writer.write(details)
        case .admin(let reply):
            writer.field("ok", true)
            writer.write(reply)
        case .limited(let status):
            writer.field("ok", true)
            writer.field("remaining", status.remaining)
            writer.field("reset_after", status.resetAfter.secondsRoundedUp)
        case .done:
            writer.field("ok", true)
        }
        writer.end()
        writer.endLine()
        writer.give(to: &lines)
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ refusal: Refusal) {
        field("error", refusal.name.rawValue)
        if let name = refusal.field { field("field", name) }
        if let retryAfter = refusal.retryAfter { field("retry_after", retryAfter.secondsRoundedUp) }
        if let detail = refusal.detail { field("detail", detail) }
    }

    fileprivate mutating func write(_ hello: Hello) {
        field("server", "totpd")
        field("version", hello.version)
        field("protocol", Reply.protocolVersion)
        switch hello.caller {
        case .app(let name): field("app", name.description)
        case .apps(let names): field("apps", names.map(\.description))
        case .nobody, .admin: break
        }
        field("ops", OperationName.allCases.filter(hello.caller.may).map(\.rawValue))
        nested("limits") { writer in
            writer.field("line_bytes", Request.lineBytesMax)
            writer.field("user_bytes", Policy.userBytesMax)
            writer.field("pipeline", hello.pipelineMax)
        }
    }

    fileprivate mutating func write(_ enrolled: Enrolled) {
        field("secret", enrolled.secret)
        field("uri", enrolled.uri)
        if let qr = enrolled.qr { field("qr", qr) }
        field("expires_in", enrolled.expiresIn.secondsRoundedUp)
    }

    fileprivate mutating func write(_ status: AccountStatus) {
        field("enrolled", status.isEnrolled)
        field("pending", status.isPending)
        if let enrolledAt = status.enrolledAt { field("enrolled_at", enrolledAt.seconds) }
        field("backup_codes_left", status.backupCodesLeft)
        if let retryAfter = status.retryAfter { field("retry_after", retryAfter.secondsRoundedUp) }
        field("locked", status.isLocked)
    }

    fileprivate mutating func write(_ details: AccountDetails) {
        write(details.status)
        if let parameters = details.parameters {
            field("algorithm", parameters.algorithm.name)
            field("digits", parameters.digits)
            field("period", parameters.period)
        }
        if let last = details.lastStepBegan { field("last_step_at", last.seconds) }
        nested("totp") { $0.write(details.totp) }
        nested("backup") { $0.write(details.backup) }
    }

    private mutating func write(_ budget: AccountDetails.Budget) {
        field("failures", Int(budget.consecutiveFailures))
        field("long_count", budget.longCount)
        field("locked", budget.isLocked)
        if let retryAfter = budget.retryAfter { field("retry_after", retryAfter.secondsRoundedUp) }
    }
}
