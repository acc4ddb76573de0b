// What each operation about no single account asks for, field by field.

import Accounts
import Secrets

struct AdminRequestReader {
    let fields: Fields
    let app: AppName?

    func request(_ read: OperationRules.AdminReader) throws(Refusal) -> AdminRequest {
        let action = try read(self)
        let about = action.app ?? app
        return AdminRequest(app: about, reason: try fields.reason(), action: action)
    }

    // MARK: Operations

    static func sources(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        .sources(reader.app ?? .standard, count: try reader.count())
    }

    static func clearSource(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        let source = try reader.fields.require(.source, reader.fields.source())
        return .clearSource(reader.app ?? .standard, source)
    }

    static func apps(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        .apps(AppsRequest(after: try reader.appCursor(), count: try reader.count()))
    }

    static func users(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        .users(try reader.users())
    }

    static func events(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        .events(try reader.events())
    }

    static func watch(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        .watch(try reader.filter(), after: try reader.cursor())
    }

    static func stats(_: Self) -> AdminRequest.Action { .stats }
    static func health(_: Self) -> AdminRequest.Action { .health }

    static func check(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        .check(through: try reader.anchor())
    }

    static func metrics(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        .metrics(try reader.format())
    }

    static func rotateKey(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        .rotateKey(try reader.keyKind())
    }

    static func backup(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        .backup(path: try reader.path())
    }

    static func export(_ reader: Self) throws(Refusal) -> AdminRequest.Action {
        let path = try reader.path()
        return .export(
            reader.app ?? .standard, path: path, passphrase: try reader.passphrase())
    }

    // MARK: Their fields

    private func appCursor() throws(Refusal) -> AppName? {
        guard let cursor = try fields.text(.cursor, bytes: 1...64) else { return nil }
        guard let app = AppName(cursor) else { throw Self.noCursor }
        return app
    }

    private static let noCursor = Fields.refusal(
        .cursor, "the cursor of a page before is expected")

    private func users() throws(Refusal) -> UsersRequest {
        let prefix = try fields.plainText(.prefix, bytes: 1...Policy.userBytesMax)
        let after: RecordID?
        if let cursor = try fields.text(.cursor, bytes: 1...64) {
            guard let id = RecordID(hex: cursor) else { throw Self.noCursor }
            after = id
        } else {
            after = nil
        }
        return UsersRequest(
            app: app ?? .standard, prefix: prefix ?? "", after: after, count: try count())
    }

    private func events() throws(Refusal) -> EventsRequest {
        EventsRequest(
            filter: try filter(),
            isNewestFirst: try fields.word(.order, [("oldest", false), ("newest", true)]) ?? false,
            cursor: try cursor(), count: try count())
    }

    private func filter() throws(Refusal) -> EventFilter {
        var filter = EventFilter()
        filter.app = app
        filter.user = try fields.plainText(.user, bytes: 0...Policy.userBytesMax)
        let operations = OperationName.allCases.map { ($0.rawValue, $0.rawValue) }
        filter.op = try fields.word(.operation, operations)
        let results = WorkStage.words + ["omitted", "lost"] + ErrorName.allCases.map(\.rawValue)
        filter.result = try fields.word(.result, results.map { ($0, $0) })
        filter.since = try moment(.since)
        filter.until = try moment(.until)
        return filter
    }

    private func keyKind() throws(Refusal) -> KeyKind {
        let words = KeyKind.allCases.map { ($0.rawValue, $0) }
        return try fields.require(.key, fields.word(.key, words))
    }

    private func path() throws(Refusal) -> String {
        try fields.require(.path, fields.plainText(.path, bytes: 1...Policy.pathBytesMax))
    }

    private func anchor() throws(Refusal) -> ChainAnchor? {
        guard let text = try fields.plainText(.anchor, bytes: 1...Self.anchorBytesMax) else {
            return nil
        }
        guard let anchor = ChainAnchor(text) else {
            throw Fields.refusal(
                .anchor, "the number of an event, a colon, and 64 digits are expected")
        }
        return anchor
    }

    /// Twenty digits, a colon, and 64.
    private static let anchorBytesMax = 85

    private func passphrase() throws(Refusal) -> SecretBytes {
        let range = Policy.passphraseBytesRange
        let text = try fields.require(.passphrase, fields.plainText(.passphrase, bytes: range))
        return SecretBytes(Array(text.utf8))
    }

    private func format() throws(Refusal) -> MetricsFormat {
        try fields.word(
            .format, [("openmetrics", MetricsFormat.openMetrics), ("prometheus", .prometheus)])
            ?? .openMetrics
    }

    private func cursor() throws(Refusal) -> UInt64? {
        try fields.integer(.cursor, 0...Int64.max).map { UInt64($0) }
    }

    private func count() throws(Refusal) -> Int {
        let count = try fields.integer(.count, AdminRequest.countRange)
        return count.map { Int($0) } ?? AdminRequest.countUsual
    }

    /// Far past any clock, and small enough that it does not overflow in milliseconds.
    private static let momentMax: Int64 = 1 << 40

    private func moment(_ field: FieldName) throws(Refusal) -> Instant? {
        try fields.integer(field, 0...Self.momentMax).map { Instant(seconds: $0) }
    }
}

extension AdminRequest.Action {
    /// The app it is about when none is named, if it is about one.
    fileprivate var app: AppName? {
        switch self {
        case .users(let request): return request.app
        case .export(let app, _, _), .sources(let app, _), .clearSource(let app, _): return app
        case .apps, .events, .watch, .stats, .metrics, .health, .check, .rotateKey, .backup:
            return nil
        }
    }
}

extension RecordID {
    /// As a cursor says it: 32 hexadecimal digits.
    fileprivate init?(hex: String) {
        guard hex.utf8.count == 32, hex.utf8.allSatisfy(Self.isDigit),
            let high = UInt64(hex.prefix(16), radix: 16),
            let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
            return true
        default: return false
        }
    }
}
