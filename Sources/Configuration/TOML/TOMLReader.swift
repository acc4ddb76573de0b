// TOML 1.0 (toml.io), as far as settings need it: tables, dotted keys, one-line strings, decimal
// integers, booleans, lists, inline tables. Everything else in TOML (dates, fractions, lists of
// tables) is an error with its line.

package struct TOMLReader {
    /// Deeper than any setting.
    static let depthMax = 8

    var cursor: TOMLCursor
    private let root = TOMLTable(.header)
    /// The table that the last header named.
    private var current: TOMLTable
    private var section = 0

    /// Reads a whole text.
    package static func read(_ bytes: [UInt8]) throws(ConfigurationFault) -> TOMLTable {
        var reader = TOMLReader(cursor: try TOMLCursor(bytes))
        while !reader.cursor.isAtEnd { try reader.readLine() }
        return reader.root
    }

    private init(cursor: TOMLCursor) {
        self.cursor = cursor
        current = root
    }

    private mutating func readLine() throws(ConfigurationFault) {
        cursor.skipBlanks()
        switch cursor.next {
        case nil, UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#"): break
        case UInt8(ascii: "["): try readHeader()
        default: try readEntry(into: current, depth: 0)
        }
        try cursor.endLine()
    }

    // MARK: Headers

    private mutating func readHeader() throws(ConfigurationFault) {
        cursor.skip()
        guard cursor.next != UInt8(ascii: "[") else {
            throw cursor.fault("a list of tables, [[…]], is not known here; [NAME] is expected")
        }
        let keys = try readKeys()
        guard cursor.take("]") else { throw cursor.fault("']' is expected after the table's name") }
        var table = root
        for key in keys.dropLast() {
            let found = try child(of: table, key) { $0 != .inline }
            table = found ?? add(.implicit, key, to: table)
        }
        guard let last = keys.last else { preconditionFailure("a header has a key at least") }
        if let found = try child(of: table, last, where: { $0 == .implicit }) {
            found.origin = .header
            current = found
        } else {
            current = add(.header, last, to: table)
        }
        section += 1
    }

    /// The table at a key, if one is there and may be added to.
    private func child(
        of table: TOMLTable, _ key: String, where mayGrow: (TOMLTable.Origin) -> Bool
    ) throws(ConfigurationFault) -> TOMLTable? {
        guard let node = table[key] else { return nil }
        guard case .table(let found) = node.value, mayGrow(found.origin) else {
            throw cursor.fault("'\(printable(key))' is there already, in line \(node.line)")
        }
        return found
    }

    private func add(_ origin: TOMLTable.Origin, _ key: String, to table: TOMLTable) -> TOMLTable {
        let new = TOMLTable(origin)
        table.add(key, TOMLNode(value: .table(new), line: cursor.line))
        return new
    }

    // MARK: Entries

    /// `key = value`, below a header or between braces.
    private mutating func readEntry(
        into table: TOMLTable, depth: Int
    ) throws(ConfigurationFault) {
        let line = cursor.line
        let keys = try readKeys()
        guard cursor.take("=") else {
            throw cursor.fault("'=' is expected after '\(printable(keys.joined(separator: ".")))'")
        }
        cursor.skipBlanks()
        // These keys define their tables, which only further keys below this header may add to.
        let origin = TOMLTable.Origin.dotted(section: section)
        var table = table
        for key in keys.dropLast() {
            let found = try child(of: table, key) { $0 == origin || $0 == .implicit }
            found?.origin = origin
            table = found ?? add(origin, key, to: table)
        }
        guard let last = keys.last else { preconditionFailure("an entry has a key at least") }
        _ = try child(of: table, last) { _ in false }
        let value = try readValue(depth: depth + 1)
        table.add(last, TOMLNode(value: value, line: line))
    }

    private mutating func readKeys() throws(ConfigurationFault) -> [String] {
        var keys: [String] = []
        repeat {
            cursor.skipBlanks()
            keys.append(try readKey())
            cursor.skipBlanks()
        } while cursor.take(".")
        guard keys.count <= Self.depthMax else { throw cursor.fault("this is nested too deeply") }
        return keys
    }

    private mutating func readKey() throws(ConfigurationFault) -> String {
        switch cursor.next {
        case UInt8(ascii: "\""): return try cursor.readBasicString()
        case UInt8(ascii: "'"): return try cursor.readLiteralString()
        default:
            let bare = cursor.take(while: TOMLCursor.isBareKey)
            guard !bare.isEmpty else {
                throw cursor.fault("\(cursor.found) is no key; a setting or [TABLE] is expected")
            }
            return bare
        }
    }

    // MARK: Values

    private mutating func readValue(depth: Int) throws(ConfigurationFault) -> TOMLValue {
        guard depth <= Self.depthMax else { throw cursor.fault("this is nested too deeply") }
        switch cursor.next {
        case UInt8(ascii: "\""): return .string(try cursor.readBasicString())
        case UInt8(ascii: "'"): return .string(try cursor.readLiteralString())
        case UInt8(ascii: "["): return .array(try readArray(depth: depth))
        case UInt8(ascii: "{"): return .table(try readInlineTable(depth: depth))
        default: return try readWord()  // Which refuses what begins no value.
        }
    }

    private mutating func readWord() throws(ConfigurationFault) -> TOMLValue {
        let word = cursor.take(while: TOMLCursor.isWord)
        switch word {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "": throw cursor.fault("\(cursor.found) is no value; a value is expected after '='")
        default:
            guard let number = Self.integer(word) else {
                throw cursor.fault(
                    "'\(word)' is no value; a string in quotes, a whole number, true or false, "
                        + "or a list is expected")
            }
            return .integer(number)
        }
    }

    /// Decimal digits, with underscores between them and without leading zeros.
    private static func integer(_ word: String) -> Int64? {
        var digits = word[...]
        if let sign = digits.first, sign == "-" || sign == "+" { digits.removeFirst() }
        let groups = digits.split(separator: "_", omittingEmptySubsequences: false)
        let isPlain = groups.allSatisfy { group in
            !group.isEmpty && group.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        guard isPlain, digits == "0" || digits.first != "0" else { return nil }
        return Int64((word.first == "-" ? "-" : "") + groups.joined())
    }

    private mutating func readArray(depth: Int) throws(ConfigurationFault) -> [TOMLNode] {
        cursor.skip()
        var elements: [TOMLNode] = []
        while true {
            try cursor.skipLines()
            if cursor.take("]") { return elements }
            let line = cursor.line
            elements.append(TOMLNode(value: try readValue(depth: depth + 1), line: line))
            try cursor.skipLines()
            if cursor.take("]") { return elements }
            guard cursor.take(",") else { throw cursor.fault("',' or ']' is expected in a list") }
        }
    }

    private mutating func readInlineTable(depth: Int) throws(ConfigurationFault) -> TOMLTable {
        cursor.skip()
        let table = TOMLTable(.inline)
        cursor.skipBlanks()
        if cursor.take("}") { return table }
        while true {
            try readEntry(into: table, depth: depth)
            cursor.skipBlanks()
            if cursor.take("}") { return table }
            guard cursor.take(",") else { throw cursor.fault("',' or '}' is expected") }
        }
    }
}
