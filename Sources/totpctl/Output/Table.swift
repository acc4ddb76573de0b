// Rows for people: columns as wide as what is in them. Programs read --json instead.

struct Table {
    private let header: [String]
    private var rows: [[String]] = []

    init(_ header: String...) { self.header = header }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ cells: String...) {
        precondition(cells.count == header.count, "a row has a cell for each column")
        rows.append(cells)
    }

    /// - Parameter hasHeader: false for a further page.
    func text(hasHeader: Bool = true) -> String {
        let all = hasHeader ? [header] + rows : rows
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        return all.map { cells in
            var line = ""
            for (cell, width) in zip(cells, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}

/// Names and what they are, one below the other.
func printPairs(_ pairs: [(String, String?)]) {
    let given = pairs.compactMap { name, value in value.map { (name, $0) } }
    let width = given.map(\.0.count).max() ?? 0
    for (name, value) in given {
        print(name + String(repeating: " ", count: width - name.count + 2) + value)
    }
}
