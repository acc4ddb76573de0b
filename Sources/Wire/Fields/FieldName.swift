// The names of the fields of requests.

/// Numbered from 0 without gaps, the most frequent first; 64 at most.
enum FieldName: UInt8, CaseIterable, Sendable {
    case op, user, code, id, attempt, app, accept
    case issuer, label, qr
    case algorithm, digits, period
    case secret, lastStep, replace
    case reason
    case prefix, cursor, count
    case operation, result, since, until, order
    case key, path, passphrase
    case source
    case max, per, name, address, cost, peek, reset
    case device, deviceID, remember, browser, known, readmit
    case format, backupCodes
    case forgetFuture, dryRun
    case anchor
    case add, authenticator, allowShort
    case to, toApp, next

    private static let byText = ShortNames(FieldName.allCases, text: \.text)

    init?(_ text: some Sequence<UInt8>) {
        guard let name = Self.byText[text] else { return nil }
        self = name
    }

    /// As it stands in a request.
    var text: String {
        switch self {
        case .op: return "op"
        case .user: return "user"
        case .code: return "code"
        case .id: return "id"
        case .attempt: return "attempt"
        case .app: return "app"
        case .accept: return "accept"
        case .issuer: return "issuer"
        case .label: return "label"
        case .qr: return "qr"
        case .algorithm: return "algorithm"
        case .digits: return "digits"
        case .period: return "period"
        case .secret: return "secret"
        case .lastStep: return "last_step"
        case .replace: return "replace"
        case .reason: return "reason"
        case .anchor: return "anchor"
        case .prefix: return "prefix"
        case .cursor: return "cursor"
        case .count: return "count"
        case .operation: return "operation"
        case .result: return "result"
        case .since: return "since"
        case .until: return "until"
        case .order: return "order"
        case .key: return "key"
        case .path: return "path"
        case .passphrase: return "passphrase"
        case .source: return "source"
        case .max: return "max"
        case .per: return "per"
        case .name: return "name"
        case .address: return "address"
        case .cost: return "cost"
        case .peek: return "peek"
        case .reset: return "reset"
        case .device: return "device"
        case .deviceID: return "device_id"
        case .remember: return "remember"
        case .browser: return "browser"
        case .known: return "known"
        case .readmit: return "readmit"
        case .format: return "format"
        case .backupCodes: return "backup_codes"
        case .forgetFuture: return "forget_future"
        case .dryRun: return "dry_run"
        case .add: return "add"
        case .authenticator: return "authenticator"
        case .allowShort: return "allow_short"
        case .to: return "to"
        case .toApp: return "to_app"
        case .next: return "next"
        }
    }
}
