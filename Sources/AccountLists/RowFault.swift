// What is wrong with a row. It does not quote the row, which may hold a secret.

package struct RowFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let field: String?
    package let text: String

    init(field: String? = nil, _ text: String) {
        self.field = field
        self.text = text
    }

    package var description: String { field.map { "\($0): \(text)" } ?? text }
}
