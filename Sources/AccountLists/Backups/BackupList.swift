// Backups of authenticator apps and password managers, in JSON: which one a file is, by its
// content, and its rows. An encrypted one is refused by name, by `ForeignList`.

import JSON

enum BackupList {
    /// Nil for what is none of them, or is encrypted.
    static func format(of text: String) throws(ListFault) -> ListFormat? {
        guard let tree = try tree(of: text) else { return nil }
        return readers.first { $0.entries(tree) != nil }?.format
    }

    static func read(
        _ text: String, as format: ListFormat, _ body: (ListRow) throws -> Void
    ) throws {
        guard let reader = readers.first(where: { $0.format == format }) else {
            preconditionFailure("only formats of backups are read here")
        }
        guard let tree = try tree(of: text) else { throw ListFault("its JSON is malformed") }
        guard let entries = reader.entries(tree) else {
            throw ListFault("this is not \(reader.name)")
        }
        if let versions = reader.versions, !versions.isKnown(tree) {
            throw ListFault("this is \(reader.name) of an unknown version: \(versions.expected)")
        }
        for (index, entry) in entries.enumerated() {
            try body(ListRow(index + 1) { () throws(RowFault) in try reader.account(entry) })
        }
    }

    /// Nil for what is no JSON.
    private static func tree(of text: String) throws(ListFault) -> JSONTree? {
        do throws(JSONFault) {
            return try JSONTree(text)
        } catch {
            guard error.reason == .tooManyElements else { return nil }
            throw ListFault("its JSON has more than \(JSONTree.valuesMax) values: divide it")
        }
    }

    /// For people.
    static func name(of format: ListFormat) -> String? {
        readers.first { $0.format == format }?.name
    }

    /// Which versions of a backup are known. What a field means in another, nobody knows here.
    struct Versions: Sendable {
        /// What they are, for people.
        let expected: String
        let isKnown: @Sendable (JSONTree) -> Bool
    }

    /// How one program's backup is read.
    struct Reader: Sendable {
        let format: ListFormat
        let name: String
        /// Nil when its backups do not say.
        var versions: Versions?
        /// Nil when the tree is not such a backup.
        let entries: @Sendable (JSONTree) -> [JSONTree]?
        let account: @Sendable (JSONTree) throws(RowFault) -> ListedAccount
    }

    private static var readers: [Reader] {
        [
            AegisBackup.reader, TwoFASBackup.reader, AndOTPBackup.reader, FreeOTPBackup.reader,
            BitwardenExport.reader, KeycloakExport.reader,
        ]
    }
}
