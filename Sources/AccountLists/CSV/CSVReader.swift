// Reads rows of CSV (RFC 4180) strictly. A quotation mark that is never closed is an error with its
// line: otherwise it would swallow the rows after it. SwiftCSV does that, and fills up short rows
// without a word, so it is not used here.

struct CSVReader {
    private let bytes: [UInt8]
    private let separator: UInt8
    private var position = 0
    /// Of the next row's first line, from 1.
    private var line = 1

    /// - Parameter start: where the first row begins, and in which line.
    init(_ bytes: [UInt8], separator: UInt8, from start: (position: Int, line: Int) = (0, 1)) {
        self.bytes = bytes
        self.separator = separator
        (position, line) = start
    }

    struct Row {
        /// Of its first line, from 1.
        let line: Int
        /// Trimmed.
        let cells: [String]
        /// A quotation mark stands in a cell that does not begin with one: RFC 4180 has no such
        /// cell, and other readers end it elsewhere.
        let hasStrayQuote: Bool
        /// The file ends in it. A closing quotation mark at that end may be the first half of one
        /// that belongs to the cell.
        let isLast: Bool
    }

    /// The next row in which something stands; nil at the end.
    mutating func next() throws(ListFault) -> Row? {
        while position < bytes.count {
            let first = line
            var hasStrayQuote = false
            var cells = [try readCell(&hasStrayQuote)]
            while take(separator) { cells.append(try readCell(&hasStrayQuote)) }
            let isLast = position == bytes.count
            try endLine()
            if cells.contains(where: { !$0.isEmpty }) {
                return Row(
                    line: first, cells: cells, hasStrayQuote: hasStrayQuote, isLast: isLast)
            }
        }
        return nil
    }

    private mutating func readCell(_ hasStrayQuote: inout Bool) throws(ListFault) -> String {
        guard take(UInt8(ascii: "\"")) else { return readPlain(&hasStrayQuote) }
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
                while separator != UInt8(ascii: " "), take(UInt8(ascii: " ")) {}
                return String(decoding: cell, as: UTF8.self).trimmed
            }
        }
        throw ListFault("line \(first): a quotation mark is never closed")
    }

    private mutating func readPlain(_ hasStrayQuote: inout Bool) -> String {
        let start = position
        while position < bytes.count, !endsCell(bytes[position]) { position += 1 }
        let cell = bytes[start..<position]
        hasStrayQuote = hasStrayQuote || cell.contains(UInt8(ascii: "\""))
        return String(decoding: cell, as: UTF8.self).trimmed
    }

    private func endsCell(_ byte: UInt8) -> Bool {
        byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    /// LF, CR LF, or the CR of an old Mac.
    private mutating func endLine() throws(ListFault) {
        guard position < bytes.count else { return }
        let isReturned = take(UInt8(ascii: "\r"))
        let isFed = take(UInt8(ascii: "\n"))
        guard isReturned || isFed else {
            throw ListFault(
                "line \(line): after a closing quotation mark, the next cell or the end of the "
                    + "line is expected")
        }
        line += 1
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }
}
