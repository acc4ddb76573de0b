// An account as another system's file lists it, checked by the rules that the daemon will check it
// by. It must never describe itself: its secret would be in the text.

import OneTimeCodes

package struct ListedAccount: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Nil where the file does not say; whoever imports knows.
    package let app: String?
    package let user: String
    /// Base32, as it goes over the socket.
    package let secret: String
    package let parameters: CodeParameters
    /// The newest step that was accepted elsewhere.
    package let lastStep: Int?
    /// As they go over the socket.
    package let backupCodes: [String]?
    /// What its owner should know though it may come in.
    package let warnings: [String]

    package var description: String { "<account>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What is wrong with a row. It must never repeat what the row says: that may be a secret.
package struct RowFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let field: String?
    package let text: String

    init(field: String? = nil, _ text: String) {
        self.field = field
        self.text = text
    }

    package var description: String { field.map { "\($0): \(text)" } ?? text }
}

/// A row of a file: where it stands, and what it says.
package struct ListRow: Sendable {
    /// From 1: the line it stands in, or, in PSKC, the number of its key package.
    package let number: Int
    package let account: Result<ListedAccount, RowFault>

    init(_ number: Int, _ body: () throws(RowFault) -> ListedAccount) {
        self.number = number
        do throws(RowFault) {
            account = .success(try body())
        } catch {
            account = .failure(error)
        }
    }
}
