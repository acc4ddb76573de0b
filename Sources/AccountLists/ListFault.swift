// Why a file as a whole cannot be read.

package struct ListFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }

    static let noRow = ListFault("it has no rows")
}
