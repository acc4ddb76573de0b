// NDJSON with the fields of `import`, as `export` writes it. A field that means nothing here must
// never be passed over: a misspelt one would be a lost setting.

import Foundation

enum JSONLinesList {
    private struct Line: Decodable {
        var op: String?
        var app: String?
        var user: String?
        var secret: String?
        var algorithm: String?
        var digits: Int?
        var period: Int?
        var lastStep: Int?
        var backupCodes: [String]?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case op, app, user, secret, algorithm, digits, period
            case lastStep = "last_step"
            case backupCodes = "backup_codes"
        }
    }

    private struct AnyName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    static func read(_ text: String, _ body: (ListRow) throws -> Void) throws {
        for line in AccountList.lines(of: text) {
            try body(ListRow(line.number) { () throws(RowFault) in try account(line.text) })
        }
    }

    private static func account(_ text: Substring) throws(RowFault) -> ListedAccount {
        let data = Data(text.utf8)
        let line: Line
        do {
            let names = try JSONDecoder().decode(Names.self, from: data).names
            if let unknown = names.first(where: { Line.CodingKeys(stringValue: $0) == nil }) {
                throw RowFault(field: unknown, "there is no such field here")
            }
            line = try JSONDecoder().decode(Line.self, from: data)
        } catch let fault as RowFault {
            throw fault
        } catch DecodingError.typeMismatch(_, let context) {
            throw RowFault(field: context.codingPath.last?.stringValue, "it has the wrong type")
        } catch {
            throw RowFault("a JSON object is expected")
        }
        guard line.op ?? "import" == "import" else {
            throw RowFault(field: "op", "only import is expected")
        }
        return try RowFields(
            app: line.app, user: line.user, secret: line.secret, algorithm: line.algorithm,
            digits: line.digits.map(String.init), period: line.period.map(String.init),
            lastStep: line.lastStep.map(String.init), backupCodes: line.backupCodes
        ).checked()
    }

    /// The names of an object's fields.
    private struct Names: Decodable {
        let names: [String]

        init(from decoder: any Decoder) throws {
            names = try decoder.container(keyedBy: AnyName.self).allKeys.map(\.stringValue)
        }
    }
}
