// What a TOML text says, as values that remember their line: an error names the line of what is
// wrong. It must never say anything that TOML does not.

package struct TOMLNode {
    package let value: TOMLValue
    /// Where its key, or its header, stands; from 1.
    package let line: Int
}

package enum TOMLValue {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case array([TOMLNode])
    case table(TOMLTable)

    /// For people.
    package var kind: String {
        switch self {
        case .string: return "a string"
        case .integer: return "an integer"
        case .boolean: return "true or false"
        case .array: return "a list"
        case .table: return "a table"
        }
    }
}

/// A class, because headers further down add to tables further up.
package final class TOMLTable {
    /// How it came about, which decides what may still be added to it.
    enum Origin: Equatable {
        /// By its own header, `[a.b]`, or as the whole text.
        case header
        /// By the header of a table inside it.
        case implicit
        /// By dotted keys below the header with this number.
        case dotted(section: Int)
        /// Between braces: complete.
        case inline
    }

    var origin: Origin
    package private(set) var entries: [String: TOMLNode] = [:]

    init(_ origin: Origin) { self.origin = origin }

    subscript(_ key: String) -> TOMLNode? { entries[key] }

    func add(_ key: String, _ node: TOMLNode) { entries[key] = node }
}

/// Why a text is no configuration, and where.
package struct ConfigurationFault: Error, Equatable, Sendable {
    /// From 1; nil when it is about the file as a whole.
    package let line: Int?
    /// What is wrong; what is expected.
    package let reason: String

    package init(line: Int?, reason: String) {
        self.line = line
        self.reason = reason
    }
}
