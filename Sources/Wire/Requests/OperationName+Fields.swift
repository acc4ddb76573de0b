// Which fields each operation has. A request with any other is refused.

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
