// The fields of each kind of reply, in the order of protocol.md. Secrets and codes stand only in
// the replies that exist for them.

import Accounts
import JSON
import OneTimeCodes

extension JSONWriter {
    mutating func write(_ refusal: Refusal) {
        field("error", refusal.name.rawValue)
        if let name = refusal.field { field("field", name) }
        if let retryAfter = refusal.retryAfter { field("retry_after", retryAfter.secondsRoundedUp) }
        if let spent = refusal.spent { field("spent", spent.rawValue) }
        if let detail = refusal.detail { field("detail", detail) }
    }

    mutating func write(_ hello: Hello) {
        field("server", "totpd")
        field("version", hello.version)
        field("protocol", Reply.protocolVersion)
        switch hello.caller {
        case .app(let name): field("app", name.description)
        case .apps(let names): field("apps", names.map(\.description))
        case .admin: field("configured_apps", hello.configuredApps.map(\.description))
        case .nobody: break
        }
        let operations = OperationName.allCases.filter { hello.caller.may($0.rules) }
        field("ops", operations.map(\.rawValue))
        nested("limits") { writer in
            writer.field("line_bytes", Request.lineBytesMax)
            writer.field("user_bytes", Policy.userBytesMax)
            writer.field("pipeline", hello.pipelineMax)
        }
    }

    mutating func write(_ enrolled: Enrolled) {
        field("secret", enrolled.secret)
        field("uri", enrolled.uri)
        if let qr = enrolled.qr { field("qr", qr) }
        field("expires_in", enrolled.expiresIn.secondsRoundedUp)
    }

    mutating func write(_ verified: Verified, _ token: DeviceToken?, _ browser: BrowserToken?) {
        field("method", verified.method.rawValue)
        field("backup_codes_left", verified.backupCodesLeft)
        if verified.wrongCodes > 0 { field("wrong_codes", Int(verified.wrongCodes)) }
        if let token, let device = verified.device {
            field("device", token.text)
            field("device_id", device.id.text)
            field("device_expires_in", device.expiresIn.secondsRoundedUp)
        }
        guard let browser, verified.isBrowserKnown else { return }
        field("browser", browser.text)
        field("browser_expires_in", Policy.browserLifetime.secondsRoundedUp)
    }

    mutating func write(_ device: TrustedDevice, _ token: DeviceToken?) {
        if let token { field("device", token.text) }
        field("device_id", device.id.text)
        field("expires_in", device.expiresIn.secondsRoundedUp)
    }

    /// - Parameter isWhole: for an admin.
    mutating func write(_ status: AccountStatus, isWhole: Bool = false) {
        field("enrolled", status.isEnrolled)
        field("pending", status.isPending)
        if let enrolledAt = status.enrolledAt { field("enrolled_at", enrolledAt.seconds) }
        if status.isRequired { field("required", true) }
        if status.isWeak { field("weak", true) }
        field("backup_codes_left", status.backupCodesLeft)
        if let retryAfter = status.retryAfter { field("retry_after", retryAfter.secondsRoundedUp) }
        if let tries = status.triesLeft { field("tries_left", tries) }
        if let tries = status.backupTriesLeft { field("backup_tries_left", tries) }
        field("locked", status.isLocked)
        if !status.authenticators.isEmpty {
            nested("authenticators", each: status.authenticators) { $0.write($1, isWhole: isWhole) }
        }
        guard !status.devices.isEmpty else { return }
        nested("devices", each: status.devices) { $0.write($1) }
    }

    private mutating func write(_ device: DeviceStatus) {
        field("id", device.id.text)
        if let label = device.label { field("label", label) }
        field("created_at", device.createdAt.seconds)
        field("used_at", device.usedAt.seconds)
        field("expires_at", device.expiresAt.seconds)
    }

    private mutating func write(_ authenticator: AuthenticatorStatus, isWhole: Bool) {
        field("id", Int(authenticator.id.rawValue))
        if let name = authenticator.name { field("name", name) }
        field("enrolled_at", authenticator.enrolledAt.seconds)
        if let last = authenticator.lastStepBegan { field("last_step_at", last.seconds) }
        guard isWhole else { return }
        field("algorithm", authenticator.parameters.algorithm.name)
        field("digits", authenticator.parameters.digits)
        field("period", authenticator.parameters.period)
        if let drift = authenticator.drift { field("drift", Int64(drift)) }
        if authenticator.offset != 0 { field("offset", Int64(authenticator.offset)) }
    }

    mutating func write(_ history: [HistoryLine]) {
        nested("history", each: history) { writer, line in
            writer.field("at", line.entry.at.seconds)
            writer.field("op", line.entry.operation.text)
            writer.field("what", line.entry.what.text)
            if let id = line.entry.authenticator {
                writer.field("authenticator", Int(id.rawValue))
            }
            if let name = line.authenticatorName { writer.field("name", name) }
        }
    }

    mutating func write(_ details: AccountDetails) {
        write(details.status, isWhole: true)
        if let parameters = details.parameters {
            field("algorithm", parameters.algorithm.name)
            field("digits", parameters.digits)
            field("period", parameters.period)
        }
        if let last = details.lastStepBegan { field("last_step_at", last.seconds) }
        if let drift = details.drift { field("drift", Int64(drift)) }
        if details.offset != 0 { field("offset", Int64(details.offset)) }
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
