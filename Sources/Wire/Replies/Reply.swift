// A reply as a value, and as its line. Only a yes has `"ok":true`.

import Accounts
import JSON
import OneTimeCodes

package enum Reply: Sendable {
    case hello(Hello)
    case enrolled(Enrolled)
    case backupCodes([BackupCode])
    /// With the token, when a device was remembered.
    case verified(Verified, device: DeviceToken?, browser: BrowserToken? = nil)
    /// With the token that takes the place of the one before, if one does.
    case trusted(TrustedDevice, device: DeviceToken?)
    case history([HistoryLine])
    case status(AccountStatus)
    case shown(AccountDetails)
    case limited(LimitStatus)
    case wouldImport(ImportEffect, behind: Duration?)
    case admin(AdminReply)
    /// Yes, but the clock is behind by so long.
    case behind(Duration)
    /// Yes; and which authenticator counts beside the others.
    case added(AuthenticatorID)
    case done
    case refused(Refusal)
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
        writer.write(self)
        writer.end()
        writer.endLine()
        writer.give(to: &lines)
    }
}

extension JSONWriter {
    /// What a reply says beside its `id`: a no with its name, or a yes and what it brings.
    fileprivate mutating func write(_ reply: Reply) {
        if case .refused(let refusal) = reply {
            field("ok", false)
            return write(refusal)
        }
        field("ok", true)
        switch reply {
        case .hello(let hello): write(hello)
        case .enrolled(let enrolled): write(enrolled)
        case .backupCodes(let codes): field("backup_codes", codes.map(\.text))
        case .verified(let verified, let token, let browser): write(verified, token, browser)
        case .trusted(let device, let token): write(device, token)
        case .history(let lines): write(lines)
        case .added(let id): field("authenticator", Int(id.rawValue))
        case .status(let status): write(status)
        case .shown(let details): write(details)
        case .admin(let reply): write(reply)
        case .limited(let status):
            field("remaining", status.remaining)
            field("reset_after", status.resetAfter.secondsRoundedUp)
        case .behind(let wait): field("clock_behind", wait.secondsRoundedUp)
        case .wouldImport(let effect, let wait):
            field("would", effect.rawValue)
            if let wait { field("clock_behind", wait.secondsRoundedUp) }
        case .done, .refused: break
        }
    }
}
