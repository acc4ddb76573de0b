// Backups of authenticator apps and password managers, in JSON: which one a file is, by its
// content, and its rows. An encrypted one is refused by name, by `ForeignList`.

enum BackupList {
    /// Nil for what is none of them, or is encrypted.
    static func format(of text: String) -> ListFormat? {
        guard let tree = JSONTree(text) else { return nil }
        return readers.first { $0.entries(tree) != nil }?.format
    }

    static func read(
        _ text: String, as format: ListFormat, _ body: (ListRow) throws -> Void
    ) throws {
        guard let reader = readers.first(where: { $0.format == format }) else {
            preconditionFailure("only formats of backups are read here")
        }
        guard let tree = JSONTree(text) else { throw ListFault("its JSON is malformed") }
        guard let entries = reader.entries(tree) else {
            throw ListFault("this is not \(reader.name)")
        }
        for (index, entry) in entries.enumerated() {
            try body(ListRow(index + 1) { () throws(RowFault) in try reader.account(entry) })
        }
    }

    /// For people.
    static func name(of format: ListFormat) -> String? {
        readers.first { $0.format == format }?.name
    }

    /// How one program's backup is read.
    struct Reader: Sendable {
        let format: ListFormat
        let name: String
        /// Nil when the tree is not such a backup.
        let entries: @Sendable (JSONTree) -> [JSONTree]?
        let account: @Sendable (JSONTree) throws(RowFault) -> ListedAccount
    }

    private static var readers: [Reader] {
        [
            AegisBackup.reader, TwoFASBackup.reader, AndOTPBackup.reader, FreeOTPBackup.reader,
            BitwardenExport.reader,
        ]
    }
}
