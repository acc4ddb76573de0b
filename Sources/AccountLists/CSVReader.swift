// Rows of CSV (RFC 4180), read strictly. It must never swallow the rows behind a quotation mark
// that has no partner, nor move cells into other columns. SwiftCSV takes the one and fills up short
// rows in silence: so it has no place here.

struct CSVReader {
    private let bytes: [UInt8]
    private var position = 0
    /// Of the next row's first line, from 1.
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
        // A byte order mark, as spreadsheets write it.
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    struct Row {
        /// Of its first line, from 1.
        let line: Int
        let cells: [String]
    }

    /// The next row that is not blank; nil at the end.
    mutating func next() throws(ListFault) -> Row? {
        while position < bytes.count {
            let first = line
            var cells = [try readCell()]
            while take(UInt8(ascii: ",")) { cells.append(try readCell()) }
            try endLine()
            if cells != [""] { return Row(line: first, cells: cells) }
        }
        return nil
    }

    private mutating func readCell() throws(ListFault) -> String {
        guard take(UInt8(ascii: "\"")) else { return readPlain() }
        let first = line
        var cell: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte != UInt8(ascii: "\"") {
                cell.append(byte)
            } else if take(UInt8(ascii: "\"")) {
                cell.append(byte)
            } else {
                return String(decoding: cell, as: UTF8.self)
            }
        }
        throw ListFault("line \(first): a quotation mark has no partner")
    }

    private mutating func readPlain() -> String {
        let start = position
        while position < bytes.count, !Self.endsCell(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func endsCell(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private mutating func endLine() throws(ListFault) {
        guard position < bytes.count else { return }
        _ = take(UInt8(ascii: "\r"))
        guard take(UInt8(ascii: "\n")) else {
            throw ListFault("line \(line): a comma or the line's end is expected behind a cell")
        }
        line += 1
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }
}
