// What the sweep removes of an account, and what it leaves as it is.

import Testing

@testable import Accounts

@Suite struct AbandonTests {
    private static let end = Given.now + .seconds(600)
    /// When one failure at `Given.now` is forgotten.
    private static let forgotten = Given.now + .seconds(25_920)
    private static let millisecond = Duration(milliseconds: 1)
    /// Somebody has guessed at the new secret before giving up, and used a code of an old one.
    private static let charged = Given.pending.retired(upTo: Given.began)
        .with { $0.guard.totp = .one }
    /// The same, cancelled, of somebody who never had a factor.
    private static let left = Given.unknown.with { $0.guard.totp = .one }
    private static let attempt = RememberedAttempt(
        tag: AttemptTag(attempt: [1], code: [2]), decidedAt: forgotten, result: .wrongCode)

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
            "a wrong code that counts", charged, Abandon(), at: forgotten - millisecond,
            .accepted(.done), isEvent: false),
        Row(
            "one that counts no more; what a factor has left stays", charged, Abandon(),
            at: forgotten, .accepted(.done), after: Given.unknown.retired(upTo: Given.began),
            isEvent: false),
        Row(
            "wrong codes alone that count", left, Abandon(), at: forgotten - millisecond,
            .accepted(.done), isEvent: false),
        Row(
            "wrong codes alone that count no more", left, Abandon(), at: forgotten,
            .accepted(.done), after: Given.unknown, isEvent: false),
        Row(
            "a right code of a factor that is gone",
            Given.unknown.with { $0.guard.totp.waitsUntil = Given.now }, Abandon(),
            at: forgotten, .accepted(.done), isEvent: false),
        Row(
            "a wait",
            left.with {
                $0.guard.backup.consecutiveFailures = 5
                $0.guard.backup.waitsUntil = forgotten + millisecond
            }, Abandon(), at: forgotten, .accepted(.done), isEvent: false),
        Row(
            "an attempt that is remembered", left.with { $0.guard.attempts = [attempt] }, Abandon(),
            at: forgotten, .accepted(.done), isEvent: false),
        Row(
            "a lock of somebody who never had a factor",
            left.with { $0.guard.totp.isLocked = true }.noted(.locked, by: .confirm), Abandon(),
            at: forgotten, .accepted(.done), after: Given.unknown, isEvent: false),
        Row(
            "a lock of somebody whom support has reset",
            left.noted(.reset, by: .reset).noted(.locked, by: .confirm), Abandon(), at: forgotten,
            .accepted(.done),
            after: Given.unknown.noted(.reset, by: .reset).noted(.locked, by: .confirm),
            isEvent: false),
        Row("a factor", Given.active, Abandon(), at: end, .accepted(.done), isEvent: false),
        Row(
            "a new phone beside a factor", Given.replacing, Abandon(), at: end, .accepted(.done),
            isEvent: false),
    ]

    @Test("removes what is over and belongs to no factor", arguments: rows)
    func table(_ row: Row) {
        row.check()
        // And the sweep finds those that it would change, and no other.
        let isFound = row.account.isAbandoned(at: row.now) || row.account.isBegunAhead(of: row.now)
        #expect(isFound == (row.after != nil))
    }
}
