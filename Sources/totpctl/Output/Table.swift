// Rows for people: columns as wide as what is in them. Programs read --json instead.

struct Table {
    private let header: [String]
    private var rows: [[String]] = []
    /// They only grow, so that a further page stands below the one before.
    private var widths: [Int]
    private var isFirst: Bool

    /// - Parameter isShown: false for columns that need no names.
    init(_ header: [String], isShown: Bool = true) {
        self.header = header
        isFirst = isShown
        widths = header.map { isShown ? TextWidth.columns($0) : 0 }
    }

    init(_ header: String...) { self.init(header) }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ cells: String...) { add(cells) }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == header.count, "a row has a cell for each column")
        rows.append(cells.map(TextWidth.visible))
    }

    /// The rows since the page before, below the header on the first.
    mutating func page() -> String {
        for row in rows {
            widths = zip(widths, row).map { max($0, TextWidth.columns($1)) }
        }
        let page = isFirst ? [header] + rows : rows
        (isFirst, rows) = (false, [])
        return page.map(line).joined(separator: "\n")
    }

    private func line(_ cells: [String]) -> String {
        var line = ""
        for (cell, width) in zip(cells, widths) {
            line += cell + String(repeating: " ", count: width - TextWidth.columns(cell) + 2)
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// Names and what they are, one below the other.
func printPairs(_ pairs: [(String, String?)], indent: String = "") {
    var table = Table(["", ""], isShown: false)
    for (name, value) in pairs {
        if let value { table.add(indent + name, value) }
    }
    if !table.isEmpty { print(table.page()) }
}
