// CSV with a header, as spreadsheets and database clients write it. A row needs as many cells as
// the header.

enum CSVList {
    static func read(_ text: String, _ body: (ListRow) throws -> Void) throws {
        var (header, reader) = try CSVHeader.read(text)
        while let row = try reader.next() {
            try body(ListRow(row.line) { () throws(RowFault) in try header.account(row) })
        }
    }
}

extension CSVHeader {
    fileprivate func account(_ row: CSVReader.Row) throws(RowFault) -> ListedAccount {
        guard !row.hasStrayQuote else {
            throw RowFault("a quotation mark is inside a cell that does not begin with one")
        }
        guard row.cells.count == columns.count else {
            throw RowFault("\(row.cells.count) cells, and the header has \(columns.count)")
        }
        var fields = RowFields()
        for (column, cell) in zip(columns, row.cells) where !cell.isEmpty {
            switch column {
            case .app: fields.app = cell
            case .user: fields.user = cell
            case .secret: fields.secret = cell
            case .secretHex: fields.secretHex = cell
            case .algorithm: fields.algorithm = cell
            case .digits: fields.digits = cell
            case .period: fields.period = cell
            case .lastStep: fields.lastStep = cell
            case .otpauth: try KeyURI(cell).fill(&fields, isUserGiven: columns.contains(.user))
            case .issuer: break  // The app has a name of its own.
            case .none: throw RowFault("a cell has no column name above it")
            }
        }
        return try fields.checked()
    }
}
