// A row of an operation's table: an account, what is asked of it, and what must come of it.

import OneTimeCodes
import Testing

@testable import Accounts

struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let account: Account
    let operation: any Operation
    var prepared = Prepared.nothing
    var now = Given.now
    let answer: Answer
    /// Nil when nothing may change.
    var after: Account?
    var alert: Alert?
    var isEvent = true

    init(
        _ name: String, _ account: Account, _ operation: any Operation,
        with prepared: Prepared = .nothing, at now: Instant = Given.now, _ answer: Answer,
        after: Account? = nil, alert: Alert? = nil, isEvent: Bool = true
    ) {
        testDescription = name
        self.account = account
        self.operation = operation
        self.prepared = prepared
        self.now = now
        self.answer = answer
        self.after = after
        self.alert = alert
        self.isEvent = isEvent
    }

    /// A wrong code of somebody who has a factor is one more to tell of, which no row has to say.
    private var expected: Account {
        guard var expected = after, answer.error == .wrongCode, account.factor != nil else {
            return after ?? account
        }
        expected.guard.wrongCodes = account.guard.wrongCodes + 1
        return expected
    }

    func check() {
        let outcome = operation.decide(account, at: now, with: prepared)
        #expect(outcome.answer == answer)
        #expect(outcome.account == expected)
        #expect(outcome.alert == alert)
        #expect(outcome.isEvent == isEvent)
        let again = operation.decide(account, at: now, with: prepared)
        #expect(again == outcome, "a decision is a function of what it is given")
    }
}

extension Answer {
    static func no(
        _ name: ErrorName, retryAfter seconds: Int64? = nil, field: String? = nil,
        detail: String? = nil, spent: Refusal.Spent? = nil
    ) -> Answer {
        .refused(
            Refusal(
                name, field: field, retryAfter: seconds.map { .seconds($0) }, detail: detail,
                spent: spent ?? (name == .throttled ? .account : nil)))
    }

    var error: ErrorName? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal.name
    }

    var isYes: Bool {
        guard case .accepted = self else { return false }
        return true
    }
}

/// The refusals that every operation with a code has in common, in the order of precedence: each
/// row's account has the reasons of the rows below it too, where it can.
struct CodeRefusals {
    let operation: HistoryEntry.Operation
    /// Whether new backup codes are asked for with the submitted one's hash.
    let renews: Bool
    let make: (SubmittedCode) -> any Operation

    init(
        by operation: HistoryEntry.Operation, renews: Bool = false,
        _ make: @escaping (SubmittedCode) -> any Operation
    ) {
        self.operation = operation
        self.renews = renews
        self.make = make
    }

    var rows: [Row] { totpRefusals + countedFailures + backupRefusals }

    private var totpRefusals: [Row] {
        let used = Given.active.used(upTo: Given.began)
        return [
            Row(
                "not enrolled", Given.unknown.with { $0.guard.totp = .locked }, make(Given.totp()),
                .no(.notEnrolled)),
            Row("only pending", Given.pending, make(Given.totp()), .no(.notEnrolled)),
            Row(
                "locked", used.with { $0.guard.totp = .locked }, make(Given.totp()), .no(.locked)),
            Row(
                "throttled", used.with { $0.guard.totp = .waiting }, make(Given.totp()),
                .no(.throttled, retryAfter: 10)),
            Row(
                "throttled, and wrong", used.with { $0.guard.totp = .waiting },
                make(.totp(Given.wrongCode())), .no(.throttled, retryAfter: 10)),
            Row(
                "wrong code", used, make(.totp(Given.wrongCode())), .no(.wrongCode),
                after: used.with { $0.guard.totp = .one }),
            Row(
                "wrong length", used,
                make(.totp(TOTPCode(value: Given.code().value, digits: 7))), .no(.wrongCode),
                after: used.with { $0.guard.totp = .one }),
            Row("replayed", used, make(Given.totp()), .no(.replayed, retryAfter: 20)),
            Row("older step", used, make(Given.totp(-1)), .no(.replayed, retryAfter: 20)),
            Row(
                "two steps ago", used, make(Given.totp(-2)), .no(.wrongCode),
                after: used.with { $0.guard.totp = .one }),
        ]
    }

    private var countedFailures: [Row] {
        let wrong = make(.totp(Given.wrongCode()))
        let emptyAt = Given.now + .seconds(25_920)
        func failed(_ before: Throttle) -> Account { Given.active.with { $0.guard.totp = before } }
        return [
            Row(
                "fifth wrong code", failed(Throttle(failures: 4)), wrong,
                .no(.wrongCode, retryAfter: 30),
                after: failed(
                    Throttle(failures: 5, until: Given.now + .seconds(30), emptyAt: emptyAt))),
            Row(
                "hundredth wrong code", failed(Throttle(failures: 99)), wrong,
                .no(.wrongCode),
                after: failed(
                    Throttle(
                        failures: 100, until: Given.now + .seconds(3_600), isLocked: true,
                        emptyAt: emptyAt)
                ).noted(.locked, by: operation), alert: .locked),
            Row(
                "long count full",
                failed(Throttle(failures: 0, emptyAt: Given.now + .seconds(99 * 25_920))), wrong,
                .no(.wrongCode, retryAfter: 3_600),
                after: failed(
                    Throttle(
                        failures: 1, until: Given.now + .seconds(3_600),
                        emptyAt: Given.now + .days(30))), alert: .longCount),
        ]
    }

    private var backupRefusals: [Row] {
        let asked = make(Given.backup)
        func needs(_ salt: [UInt8]) -> Answer {
            .needs(Preparation(salt: salt, newBackupCodes: renews))
        }
        let locked = Given.active.with { $0.guard.backup = .locked }
        let waiting = Given.active.with { $0.guard.backup = .waiting }
        let charged = Given.active.with { $0.guard.backup = .one }
        let decoy = Given.hashed(Given.hashes[0], salt: Given.decoySalt)
        return [
            Row(
                "backup, unknown", Given.unknown, asked, needs(Given.decoySalt), isEvent: false),
            Row("backup, unknown, hashed", Given.unknown, asked, with: decoy, .no(.notEnrolled)),
            Row("backup, locked", locked, asked, .no(.locked)),
            Row("backup, locked, hashed", locked, asked, with: Given.right, .no(.locked)),
            Row("backup, throttled", waiting, asked, .no(.throttled, retryAfter: 10)),
            Row(
                "backup, throttled, hashed", waiting, asked, with: Given.right,
                .no(.throttled, retryAfter: 10)),
            Row("backup, no hash yet", Given.active, asked, needs(Given.salt), isEvent: false),
            Row(
                "backup, another salt's hash", Given.active, asked, with: decoy, needs(Given.salt),
                isEvent: false),
            Row(
                "backup, wrong", Given.active, asked, with: Given.wrong, .no(.wrongCode),
                after: charged),
            Row(
                "backup, none were given", Given.imported, asked, needs(Given.decoySalt),
                isEvent: false),
            Row(
                "backup, none were given, hashed", Given.imported, asked, with: decoy,
                .no(.wrongCode),
                after: Given.imported.with { $0.guard.backup = .one }),
        ]
    }
}
