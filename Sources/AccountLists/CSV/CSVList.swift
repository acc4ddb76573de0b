// CSV with a header, as spreadsheets and database clients write it. A row needs as many cells as
// the header.

import OneTimeCodes

enum CSVList {
    static func read(_ text: String, _ body: (ListRow) throws -> Void) throws {
        var (header, reader) = try CSVHeader.read(text)
        var before: CSVReader.Row?
        var row = try reader.next()
        while let this = row {
            let after = try reader.next()
            if let other = CSVHeader.columns(namedIn: this), other != header.columns {
                throw ListFault(
                    "line \(this.line): a second header with other columns: import each list by "
                        + "itself")
            }
            if !header.isOfPasswords || !header.hasNoKey(this) {
                let listed = ListRow(this.line) { () throws(RowFault) in
                    try header.account(this, between: before, after)
                }
                try body(listed)
            }
            (before, row) = (this, after)
        }
    }
}

extension CSVHeader {
    fileprivate func hasNoKey(_ row: CSVReader.Row) -> Bool {
        row.cells.count == columns.count && !row.hasStrayQuote
            && zip(columns, row.cells).allSatisfy { $0 != .otpauth || $1.isEmpty }
    }

    /// Whether it may be the start or the rest of a row that a mail program broke.
    private func isPiece(_ row: CSVReader.Row?) -> Bool {
        guard let row else { return false }
        return row.cells.count < columns.count
            || columns == [.otpauth] && !row.cells[0].starts(withASCII: KeyURI.scheme)
    }

    fileprivate func account(
        _ row: CSVReader.Row, between before: CSVReader.Row?, _ after: CSVReader.Row?
    ) throws(RowFault) -> ListedAccount {
        guard !row.hasStrayQuote else {
            throw RowFault("a quotation mark is inside a cell that does not begin with one")
        }
        guard row.cells.count == columns.count else {
            throw RowFault("\(row.cells.count) cells, and the header has \(columns.count)")
        }
        guard !isPiece(before), !isPiece(after) else {
            throw RowFault(
                "the row before or behind is not whole, and may be a part of this one: write each "
                    + "row in one line")
        }
        guard !row.isLast else { throw RowFault.cutShort }
        guard CSVHeader.columns(namedIn: row) == nil else {
            throw RowFault("it repeats the header, as where lists were joined")
        }
        var fields = RowFields()
        for (column, cell) in zip(columns, row.cells) where !cell.isEmpty {
            switch column {
            case .app: fields.app = cell
            case .user: fields.user = cell
            case .secret: fields.secret = try base32(cell)
            case .secretHex: fields.secretHex = cell
            case .algorithm: fields.algorithm = cell
            case .digits: fields.digits = cell
            case .period: fields.period = cell
            case .lastStep: fields.lastStep = cell
            case .otpauth: try KeyURI(cell).fill(&fields, isUserGiven: columns.contains(.user))
            case .other: break
            case .issuer: try SteamCodes.refuse(issuer: cell)
            case .none: throw RowFault("a cell has no column name above it")
            }
        }
        return try fields.checked()
    }

    /// A column may hold what its name does not say: hexadecimal of A to F and 2 to 7 alone, and
    /// some base64, could be read as base32, and make other codes.
    private func base32(_ cell: String) throws(RowFault) -> String {
        // What is neither is told by whoever reads it.
        guard Base32.decode(cell) != nil, !NoValue.isWritten(as: cell) else { return cell }
        let bytes = cell.utf8
        let isHex = bytes.count >= 26 && bytes.allSatisfy(\.isHexDigit)
        guard !isHex else {
            throw RowFault(
                field: "secret",
                "it may be base32 or hexadecimal: a column 'secret_hex' says the latter"
                    + UserName.elsewhere)
        }
        let hasCapitals = bytes.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        let hasSmall = bytes.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        guard !hasCapitals || !hasSmall else {
            throw RowFault(
                field: "secret",
                "capitals and small letters are mixed, as in base64; base32 has one of them"
                    + UserName.elsewhere)
        }
        return cell
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            return true
        default: return false  // A byte has too many values to list.
        }
    }
}
