// NDJSON with the fields of `import`, as `export` writes it. The daemon's own reader reads it, so a
// file and the socket accept the same.

import Accounts
import JSON
import OneTimeCodes
import Wire

enum JSONLinesList {
    private static let fields: Set<String> = [
        "op", "app", "user", "secret", "algorithm", "digits", "period", "last_step",
        "backup_codes", "add", "name",
    ]

    static func read(_ text: String, _ body: (ListRow) throws -> Void) throws {
        for line in AccountList.lines(of: text, endingIn: .lineFeed) {
            try body(ListRow(line.number) { () throws(RowFault) in try account(line.text) })
        }
    }

    private static func account(_ line: Substring) throws(RowFault) -> ListedAccount {
        guard line.utf8.count <= Request.lineBytesMax else {
            throw RowFault("the line has more than \(Request.lineBytesMax) bytes")
        }
        let found = try object(in: line)
        if let unknown = found.first(where: { !fields.contains($0.name) })?.name {
            let name = ShownName.quoted(unknown)
            throw RowFault(name.map { "there is no field \($0) here" } ?? "a field is unknown")
        }
        let operation = found.first { $0.name == "op" }?.value
        guard operation ?? .string("import") == .string("import") else { throw otherOperation }
        return try account(
            operation == nil ? withOperation(line) : String(line),
            isAppNamed: found.contains { $0.name == "app" })
    }

    private static let otherOperation = RowFault(field: "op", "only import is expected")

    private static func object(in line: Substring) throws(RowFault) -> [JSONField] {
        do throws(JSONFault) {
            let result = Array(line.utf8).withUnsafeBytes { bytes in
                Result { () throws(JSONFault) in try JSONReader.object(from: bytes) }
            }
            return try result.get()
        } catch {
            let field = error.field.flatMap { fields.contains($0) ? $0 : nil }
            throw RowFault(field: field, "\(error.reason.words) at byte \(error.offset)")
        }
    }

    /// What `export` leaves out, since each of its lines is an import.
    private static func withOperation(_ line: Substring) -> String {
        let fields = line.drop { $0 != "{" }.dropFirst()
        let isEmpty = fields.first { !$0.isWhitespace } == "}"
        return #"{"op":"import""# + (isEmpty ? "" : ",") + fields
    }

    private static func account(
        _ line: String, isAppNamed: Bool
    ) throws(RowFault) -> ListedAccount {
        let request: Request
        do throws(RefusedLine) {
            let result = Array(line.utf8).withUnsafeBytes { bytes in
                Result { () throws(RefusedLine) in try Request.parse(bytes, from: .admin) }
            }
            request = try result.get()
        } catch {
            let refusal = error.refusal
            throw RowFault(field: refusal.field, refusal.detail ?? "the daemon would refuse it")
        }
        guard case .account(let name, let asked) = request.body,
            case .complete(let operation) = asked.form, let factor = operation as? Import
        else { throw otherOperation }
        let codes = asked.details.backupCodes
        var account = ListedAccount(
            app: isAppNamed ? name.app.description : nil, user: name.user,
            secret: Base32.encode(factor.secret), parameters: factor.parameters,
            lastStep: factor.lastStep.map { Int($0) },
            backupCodes: codes.isEmpty ? nil : codes.map(\.text), warnings: [])
        (account.adds, account.name) = (factor.adds, factor.name)
        return account
    }
}
