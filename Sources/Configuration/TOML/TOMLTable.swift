// A class, because headers further down add to tables further up.

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
