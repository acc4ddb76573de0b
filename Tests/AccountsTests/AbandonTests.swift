// What the sweep removes of an account, and what it leaves as it is.

import Testing

@testable import Accounts

@Suite struct AbandonTests {
    private static let end = Given.now + .seconds(600)
    /// Somebody has guessed at the new secret before giving up, and used a code of an old one.
    private static let charged = Given.pending.retired(upTo: Given.began)
        .with { $0.guard.totp = .locked }

    static let rows: [Row] = [
        Row("nobody", Given.unknown, Abandon(), .accepted(.done), isEvent: false),
        Row(
            "its last millisecond", Given.pending, Abandon(),
            at: end - Duration(milliseconds: 1), .accepted(.done), isEvent: false),
        Row(
            "its end", Given.pending, Abandon(), at: end, .accepted(.done), after: Given.unknown,
            isEvent: false),
        Row(
            "long after", Given.pending, Abandon(), at: end + .days(900), .accepted(.done),
            after: Given.unknown, isEvent: false),
        Row(
            "a clock that was set back: begun now", Given.pending, Abandon(),
            at: Given.now - .days(900), .accepted(.done),
            after: Given.unknown.with {
                $0.pending = Given.waiting(rescue: nil, at: Given.now - .days(900))
            }, isEvent: false),
        Row(
            "what attempts have left stays", charged, Abandon(), at: end, .accepted(.done),
            after: charged.with { $0.pending = nil }, isEvent: false),
        Row("a factor", Given.active, Abandon(), at: end, .accepted(.done), isEvent: false),
        Row(
            "a new phone beside a factor", Given.replacing, Abandon(), at: end, .accepted(.done),
            isEvent: false),
    ]

    @Test("removes an enrolment that is over and belongs to no factor", arguments: rows)
    func table(_ row: Row) { row.check() }
}
