// CSV with a header, as spreadsheets and database clients write it. A column that means nothing
// here must never be passed over: it may be the one that mattered.

import Foundation

enum CSVList {
    private static let columns: [String: WritableKeyPath<RowFields, String?> & Sendable] = [
        "app": \.app, "user": \.user, "secret": \.secret, "secret_hex": \.secretHex,
        "algorithm": \.algorithm, "digits": \.digits, "period": \.period, "last_step": \.lastStep,
    ]

    static func read(_ text: String, _ body: (ListRow) throws -> Void) throws {
        var reader = CSVReader(text)
        guard let header = try reader.next() else { return }
        let names = header.cells.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        guard Set(names).count == names.count else { throw ListFault("two columns have one name") }
        let paths = try names.map { name in
            guard let path = columns[name] else {
                throw ListFault(
                    "a column is called '\(name.prefix(32))'; these are known: "
                        + columns.keys.sorted().joined(separator: ", "))
            }
            return path
        }
        while let row = try reader.next() {
            try body(
                ListRow(row.line) { () throws(RowFault) in
                    guard row.cells.count == paths.count else {
                        throw RowFault(
                            "\(row.cells.count) cells, and the header has \(paths.count)")
                    }
                    var fields = RowFields()
                    for (path, cell) in zip(paths, row.cells) { fields[keyPath: path] = cell }
                    return try fields.checked()
                })
        }
    }
}
