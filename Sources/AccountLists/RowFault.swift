// What is wrong with a row. It does not quote the row, which may hold a secret.

import Accounts

package struct RowFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let field: String?
    package let text: String

    init(field: String? = nil, _ text: String) {
        self.field = field
        self.text = text
    }

    /// Of the last row, when the rows before it end in line ends. Whether it was cut nobody can
    /// tell: half a secret may be a secret, and a number's first digit is a number.
    static let cutShort = RowFault(
        "the file ends inside this line, and may be cut short; if it is whole, add a line end")

    /// A secret that only `--allow-short` brings in.
    static func short(_ bytes: Int) -> RowFault {
        let limits = "\(Policy.importedSecretBytesMin) to \(Policy.importedSecretBytesMax)"
        return RowFault(
            field: "secret",
            "it has \(bytes) byte\(bytes == 1 ? "" : "s"), and \(limits) are expected: RFC 4226 "
                + "requires 128 bits, so its owner has to enrol again")
    }

    package var description: String { field.map { "\($0): \(text)" } ?? text }
}
