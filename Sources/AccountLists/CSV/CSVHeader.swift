// The first line of a CSV file: which column is which, and what separates them. A column with an
// unknown name is an error, because it may be the one that matters.

struct CSVHeader {
    enum Column: String, CaseIterable, Sendable {
        case app, user, secret, secretHex = "secret_hex", otpauth
        case algorithm, digits, period, lastStep = "last_step"
        /// The site's name, which the daemon has no place for.
        case issuer
        /// What a password manager has beside the second factor.
        case other = " "
        /// A column without a name, as spreadsheets leave them behind the last: empty throughout.
        case none = ""

        /// As others call it.
        static let aliases: [String: Column] = ["username": .user]

        init?(_ name: String) {
            let word = name.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 }
            guard let column = Self.aliases[String(word)] ?? Column(rawValue: String(word)) else {
                return nil
            }
            self = column
        }
    }

    let columns: [Column]
    let separator: UInt8

    private static let separators = [",", ";", "\t", "|"].map { Character($0) }
    static let expected =
        "expected a first line of column names, such as user,secret, with a comma, semicolon, tab "
        + "or vertical bar between them; these are known: "
        + Column.allCases.map(\.rawValue).filter { !$0.trimmed.isEmpty }.sorted()
        .joined(separator: ", ")

    /// Reads the header, and leaves a reader that stands behind it.
    static func read(_ text: String) throws(ListFault) -> (CSVHeader, CSVReader) {
        let bytes = Array(text.utf8)
        let hint = separatorHint(bytes)
        let candidates = hint.map { [$0.separator] } ?? separators.compactMap(\.asciiValue)
        var (mostCells, fault) = (-1, ListFault.noRow)
        for separator in candidates {
            var reader = CSVReader(bytes, separator: separator, from: hint?.start ?? (0, 1))
            var cells = 0
            do throws(ListFault) {
                guard let row = try reader.next() else { throw ListFault.noRow }
                cells = row.cells.count
                return (try CSVHeader(row, separator), reader)
            } catch {
                // What is wrong is said of the separator that makes the most of the line.
                if cells > mostCells { (mostCells, fault) = (cells, error) }
            }
        }
        throw fault
    }

    /// `sep=;`, the line that some spreadsheets write before the header.
    private static func separatorHint(
        _ bytes: [UInt8]
    ) -> (separator: UInt8, start: (position: Int, line: Int))? {
        let end = bytes.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        guard let end, end == 5, bytes.starts(with: Array("sep=".utf8)) else { return nil }
        let isPair = bytes[end...].starts(with: Array("\r\n".utf8))
        return (bytes[4], (end + (isPair ? 2 : 1), 2))
    }

    /// The export of KeePassXC. An entry without a TOTP key is no account.
    private static let keePassXC: [(String, Column)] = [
        ("Group", .other), ("Title", .other), ("Username", .user), ("Password", .other),
        ("URL", .other), ("Notes", .other), ("TOTP", .otpauth), ("Icon", .other),
        ("Last Modified", .other), ("Created", .other),
    ]

    var isOfPasswords: Bool { columns.contains(.other) }

    private init(_ row: CSVReader.Row, _ separator: UInt8) throws(ListFault) {
        guard row.cells != Self.keePassXC.map(\.0) else {
            (columns, self.separator) = (Self.keePassXC.map(\.1), separator)
            return
        }
        var columns: [Column] = []
        for (index, name) in row.cells.enumerated() {
            guard let column = Column(name) else { throw Self.unknown(row, index) }
            guard column == .none || !columns.contains(column) else {
                throw ListFault("two columns are '\(column.rawValue)'")
            }
            columns.append(column)
        }
        guard columns.contains(where: Self.secrets.contains) else {
            throw ListFault("there is no column 'secret'; \(Self.expected)")
        }
        guard columns.contains(.user) || columns.contains(.otpauth) else {
            throw ListFault("there is no column 'user'; \(Self.expected)")
        }
        let inLinks: [Column] = [.secret, .secretHex, .algorithm, .digits, .period]
        if columns.contains(.otpauth), let twice = columns.first(where: inLinks.contains) {
            throw ListFault(
                "the columns 'otpauth' and '\(twice.rawValue)' say the same: remove one")
        }
        (self.columns, self.separator) = (columns, separator)
    }

    private static let secrets: [Column] = [.secret, .secretHex, .otpauth]

    /// Nil for what is no header of ours: a cell is no name of a column, or the two that every list
    /// has are not there.
    static func columns(namedIn row: CSVReader.Row) -> [Column]? {
        let columns = row.cells.compactMap { Column($0) }
        let hasSecret = columns.contains { secrets.contains($0) }
        let hasUser = columns.contains { $0 == .user || $0 == .otpauth }
        return columns.count == row.cells.count && hasSecret && hasUser ? columns : nil
    }

    /// Columns that only one program has.
    private static let programs: [(column: String, name: String)] = [
        ("login_totp", "Bitwarden"), ("OTPAuth", "1Password or Apple's Passwords"),
        ("grouping", "LastPass"), ("otpSecret", "Dashlane"), ("createTime", "Proton Pass"),
        ("Last Modified", "KeePassXC, changed"), ("otpUrl", "Enpass or another manager"),
    ]

    private static func unknown(_ row: CSVReader.Row, _ index: Int) -> ListFault {
        if row.cells.contains(where: \.isSecretLike) {
            return ListFault("this looks like csv without a header; \(expected)")
        }
        if let program = programs.first(where: { row.cells.contains($0.column) })?.name {
            return ListFault("this looks like an export of \(program) in CSV; \(expected)")
        }
        let words = row.cells[0].split { $0 == " " || $0 == ":" || $0 == "\t" }
        if row.cells.count == 1, words.count > 1, words.allSatisfy({ Column(String($0)) != nil }) {
            return ListFault(
                "this looks like csv with blanks or colons between its columns; \(expected)")
        }
        let name = ShownName.quoted(row.cells[index]).map { "a column is called \($0)" }
        return ListFault(
            "\(name ?? "column \(index + 1) has an unknown name"); \(expected)")
    }
}

extension String {
    /// Base32 or hexadecimal of some length: no name of a column.
    var isSecretLike: Bool { wholeMatch(of: /[A-Za-z2-7]{16,}=*|[0-9A-Fa-f]{20,}/) != nil }
}
