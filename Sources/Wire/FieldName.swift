// The names of the fields that requests have, and sets of them. What an operation has no field for
// must never pass as one it has.

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
    case device, deviceID, remember
    case format, backupCodes
    case forgetFuture, dryRun

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
        case .format: return "format"
        case .backupCodes: return "backup_codes"
        case .forgetFuture: return "forget_future"
        case .dryRun: return "dry_run"
        }
    }
}

/// A set of field names; there may be 64 of them.
struct FieldNames: OptionSet, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }
    init(_ name: FieldName) { rawValue = 1 << UInt64(name.rawValue) }
    init(_ names: FieldName...) { rawValue = names.reduce(0) { $0 | FieldNames($1).rawValue } }
}

extension OperationName {
    /// The fields an operation has, and no other.
    var fields: FieldNames {
        switch self {
        case .hello: return Self.helloFields
        case .cancel, .status, .show, .history: return Self.commonFields
        case .confirm, .backupCodes, .disable: return Self.codeFields
        case .verify: return Self.verifyFields
        case .trusted: return Self.commonFields.union(FieldNames(.device))
        case .forget: return Self.commonFields.union(FieldNames(.deviceID))
        case .unlock: return Self.reasonFields
        case .reset: return Self.reasonFields.union(FieldNames(.forgetFuture))
        case .enroll: return Self.enrollFields
        case .import: return Self.importFields
        case .sources: return Self.checkFields.union(FieldNames(.app, .count))
        case .clearSource: return Self.checkFields.union(FieldNames(.app, .source))
        case .apps: return Self.checkFields.union(FieldNames(.cursor, .count))
        case .users: return Self.usersFields
        case .events: return Self.eventsFields
        case .watch: return Self.watchFields
        case .stats, .health: return Self.lookFields
        case .metrics: return Self.metricsFields
        case .check: return Self.checkFields
        case .rotateKey: return Self.checkFields.union(FieldNames(.key))
        case .backup: return Self.checkFields.union(FieldNames(.path))
        case .export: return Self.checkFields.union(FieldNames(.app, .path, .passphrase))
        case .limit: return Self.limitFields
        }
    }

    private static let helloFields = FieldNames(.op, .id, .app)
    private static let commonFields = FieldNames(.op, .user, .id, .app)
    private static let codeFields = commonFields.union(
        FieldNames(.code, .source, .attempt))
    private static let verifyFields = codeFields.union(
        FieldNames(.accept, .remember, .label))
    private static let reasonFields = commonFields.union(FieldNames(.reason))
    private static let parameters = FieldNames(.algorithm, .digits, .period)
    private static let enrollFields = codeFields.union(parameters).union(
        FieldNames(.issuer, .label, .qr))
    private static let importFields = commonFields.union(parameters).union(
        FieldNames(.secret, .lastStep, .replace, .backupCodes, .dryRun))
    private static let lookFields = FieldNames(.op, .id)
    private static let metricsFields = lookFields.union(FieldNames(.format))
    private static let checkFields = FieldNames(.op, .id, .reason)
    private static let usersFields = checkFields.union(
        FieldNames(.app, .prefix, .cursor, .count))
    private static let filterFields = FieldNames(
        .app, .user, .operation, .result, .since, .until, .cursor)
    private static let watchFields = checkFields.union(filterFields)
    private static let eventsFields = watchFields.union(
        FieldNames(.order, .count))
    private static let limitFields = helloFields.union(
        FieldNames(.key, .max, .per, .name, .address, .cost, .peek, .reset))
}
