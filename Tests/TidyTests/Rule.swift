// A house rule: a pure function of one file, with a text that breaks it and one that keeps it.
// A rule without a text that breaks it cannot be written down.

import Testing

struct Rule: Sendable {
    let name: String
    /// Each of these must fire. A check that can never fail is no check.
    let broken: [SourceFile]
    /// The neighbours that must not fire.
    let kept: [SourceFile]
    let check: @Sendable (SourceFile) -> [Violation]

    static var all: [Rule] {
        sizes + words + [defaults] + names + places + texts + prose + [imports]
    }
}

extension Rule: CustomTestStringConvertible {
    var testDescription: String { name }
}
