// The table of the operations: who may ask for one, which fields it has, how its request is read,
// and whether answering it takes slow work. A new operation is a new row here.

extension OperationName {
    var rules: OperationRules {
        switch self {
        case .hello: row(.apps, Self.greeting, .hello)
        case .enroll: row(.apps, Self.enrolling, .account(RequestReader.enroll))
        case .confirm: row(.apps, Self.code, .account(RequestReader.confirm), isSlow: true)
        case .cancel: row(.apps, Self.account, .account(RequestReader.cancel))
        case .verify: row(.apps, Self.verifying, .account(RequestReader.verify))
        case .backupCodes: row(.apps, Self.code, .account(RequestReader.renew), isSlow: true)
        case .disable: row(.apps, Self.code, .account(RequestReader.disable))
        case .remove: row(.apps, Self.removing, .account(RequestReader.remove))
        case .resync: row(.apps, Self.code.and(.next), .account(RequestReader.resync))
        case .status: row(.apps, Self.account, .account(RequestReader.status))
        case .trusted: row(.apps, Self.account.and(.device), .account(RequestReader.trusted))
        case .forget: row(.apps, Self.account.and(.deviceID), .account(RequestReader.forget))
        case .history: row(.apps, Self.account, .account(RequestReader.history))
        case .limit: row(.apps, Self.limiting, .limit)

        case .show: row(.admins, Self.account, .account(RequestReader.show))
        case .reset: row(.admins, Self.resetting, .account(RequestReader.reset))
        case .unlock: row(.admins, Self.account.and(.reason), .account(RequestReader.unlock))
        case .rename: row(.admins, Self.renaming, .account(RequestReader.rename))
        case .import: row(.admins, Self.importing, .account(RequestReader.importFactor))

        case .sources: admin(Self.reasoned.and(.app, .count), AdminRequestReader.sources)
        case .clearSource: admin(Self.reasoned.and(.app, .source), AdminRequestReader.clearSource)
        case .apps: admin(Self.reasoned.and(.cursor, .count), AdminRequestReader.apps)
        case .users: admin(Self.listing, AdminRequestReader.users)
        case .events: admin(Self.filtering.and(.order, .count), AdminRequestReader.events)
        case .watch: admin(Self.filtering, AdminRequestReader.watch)
        case .stats: admin(Self.bare, AdminRequestReader.stats)
        case .metrics: admin(Self.bare.and(.format), AdminRequestReader.metrics)
        case .health: admin(Self.bare, AdminRequestReader.health)
        case .check: admin(Self.reasoned.and(.anchor), AdminRequestReader.check)
        case .rotateKey: admin(Self.reasoned.and(.key), AdminRequestReader.rotateKey)
        case .backup: admin(Self.reasoned.and(.path), AdminRequestReader.backup)
        case .export: admin(Self.exporting, AdminRequestReader.export)
        }
    }

    private func row(
        _ access: OperationRules.Access, _ fields: FieldNames, _ reading: OperationRules.Reading,
        isSlow: Bool = false
    ) -> OperationRules {
        OperationRules(
            name: self, access: access, fields: fields, reading: reading, isSlow: isSlow)
    }

    /// About no single account. What is asked of many has a long answer: each connection has one of
    /// them in memory at most.
    private func admin(
        _ fields: FieldNames, _ reader: @escaping OperationRules.AdminReader
    ) -> OperationRules {
        row(.admins, fields, .admin(reader), isSlow: true)
    }

    private static let bare = FieldNames(.op, .id)
    private static let greeting = bare.and(.app)
    private static let account = bare.and(.app, .user)
    private static let code = account.and(.code, .source, .attempt)
    private static let verifying = code.and(
        .accept, .remember, .label, .browser, .known, .readmit)
    private static let enrolling = code.and(
        .algorithm, .digits, .period, .issuer, .label, .qr, .add, .name)
    private static let removing = code.and(.authenticator)
    private static let limiting = greeting.and(
        .key, .max, .per, .name, .address, .cost, .peek, .reset)
    private static let resetting = account.and(.reason, .forgetFuture)
    private static let importing = account.and(
        .algorithm, .digits, .period, .secret, .lastStep, .replace, .backupCodes, .dryRun, .add,
        .name, .allowShort)
    private static let renaming = account.and(.reason, .to, .toApp)
    private static let reasoned = bare.and(.reason)
    private static let listing = reasoned.and(.app, .prefix, .cursor, .count)
    private static let filtering = reasoned.and(
        .app, .user, .operation, .result, .since, .until, .cursor)
    private static let exporting = reasoned.and(.app, .path, .passphrase)
}
