// What is wrong with a row. It must never repeat what the row says: that may be a secret.

package struct RowFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let field: String?
    package let text: String

    init(field: String? = nil, _ text: String) {
        self.field = field
        self.text = text
    }

    package var description: String { field.map { "\($0): \(text)" } ?? text }
}
