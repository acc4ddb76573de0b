// The engines as one argument of a test. After each test the store is checked, closed, opened and
// checked again.

import Store

package enum Engine: CaseIterable, Sendable {
    case memory
    case lmdb
    case postgres

    /// Lends a new store to `body`, and checks it afterwards.
    package func run(_ body: (Subject) throws -> Void) throws {
        let subject = try Subject(self)
        try body(subject)
        try subject.expectSound()
        try subject.reopen()
        try subject.expectSound()
        try subject.end()
    }
}
