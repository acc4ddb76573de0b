// The tables of `status` and `show`, which change nothing.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite struct StatusTests {
    struct Seen: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let account: Account
        var now = Given.now
        var isEnrolled = true
        var isPending = false
        var codes = 10
        var retryAfter: Duration?
        var triesLeft: Int?
        var backupTriesLeft: Int?
        var isLocked = false
    }

    static let table: [Seen] = [
        Seen(testDescription: "nobody", account: Given.unknown, isEnrolled: false, codes: 0),
        Seen(
            testDescription: "pending", account: Given.pending, isEnrolled: false, isPending: true,
            codes: 0),
        Seen(
            testDescription: "pending, its last millisecond", account: Given.pending,
            now: Given.now + Duration(milliseconds: 599_999), isEnrolled: false, isPending: true,
            codes: 0),
        Seen(
            testDescription: "pending, expired", account: Given.pending,
            now: Given.now + .seconds(600), isEnrolled: false, codes: 0),
        Seen(testDescription: "active", account: Given.active),
        Seen(testDescription: "imported", account: Given.imported, codes: 0),
        Seen(testDescription: "both", account: Given.replacing, isPending: true),
        Seen(
            testDescription: "waiting", account: Given.active.with { $0.guard.totp = .waiting },
            retryAfter: .seconds(10)),
        Seen(
            testDescription: "no longer waiting",
            account: Given.active.with { $0.guard.totp = .waiting },
            now: Given.now + .seconds(10), triesLeft: 1),
        Seen(
            testDescription: "one wrong code",
            account: Given.active.with { $0.guard.totp = Throttle(failures: 1) }, triesLeft: 4),
        Seen(
            testDescription: "the last one before a wait",
            account: Given.active.with { $0.guard.totp = Throttle(failures: 4) }, triesLeft: 1),
        Seen(
            testDescription: "wrong backup codes",
            account: Given.active.with { $0.guard.backup = Throttle(failures: 2) },
            backupTriesLeft: 3),
        Seen(
            testDescription: "backup codes waiting",
            account: Given.active.with { $0.guard.backup = .waiting }),
        Seen(
            testDescription: "so many in 30 days that each one waits",
            account: Given.active.with {
                $0.guard.totp = Throttle(failures: 1)
                for _ in 0..<200 { $0.guard.totp.longCount.add(at: Given.now) }
            }, triesLeft: 1),
        Seen(
            testDescription: "locked", account: Given.active.with { $0.guard.totp = .locked },
            isLocked: true),
        Seen(
            testDescription: "backup codes locked",
            account: Given.active.with { $0.guard.backup = .locked }),
        Seen(
            testDescription: "a clock set back by years",
            account: Given.active.with {
                $0.guard.totp = Throttle(failures: 5, until: Given.now + .days(2_000))
            }, retryAfter: .seconds(30)),
    ]

    @Test(arguments: table) func shows(_ row: Seen) {
        let outcome = Status().decide(row.account, at: row.now, with: .nothing)
        var settled = row.account
        settled.settle(at: row.now, under: .standard)
        #expect(outcome.account == settled)
        #expect(!outcome.isEvent)
        guard case .accepted(.status(let status)) = outcome.answer else {
            Issue.record("\(outcome.answer)")
            return
        }
        #expect(status.isEnrolled == row.isEnrolled)
        #expect(status.isPending == row.isPending)
        #expect(status.backupCodesLeft == row.codes)
        #expect(status.retryAfter == row.retryAfter)
        #expect(status.triesLeft == row.triesLeft)
        #expect(status.backupTriesLeft == row.backupTriesLeft)
        #expect(status.isLocked == row.isLocked)
        #expect(status.enrolledAt == row.account.factor?.enrolledAt)
    }

    @Test(arguments: table) func showAgrees(_ row: Seen) {
        let outcome = Show().decide(row.account, at: row.now, with: .nothing)
        var settled = row.account
        settled.settle(at: row.now, under: .standard)
        #expect(outcome.account == settled)
        #expect(!outcome.isEvent)
        guard case .accepted(.shown(let details)) = outcome.answer else {
            Issue.record("\(outcome.answer)")
            return
        }
        #expect(details.status == AccountStatus(row.account, at: row.now, under: .standard))
        #expect(details.totp.isLocked == row.isLocked)
        #expect(details.parameters == row.account.factor?.parameters)
        #expect(details.lastStepBegan == nil)
    }

    @Test func showsCounts() {
        let account = Given.active.with {
            $0.guard.totp = Throttle(
                failures: 7, until: Given.now + .seconds(60),
                emptyAt: Given.now + .seconds(3 * 25_920 - 1))
            $0.guard.backup = .locked
            $0.guard.lastStepBegan = Given.began
        }
        let outcome = Show().decide(account, at: Given.now, with: .nothing)
        guard case .accepted(.shown(let details)) = outcome.answer else {
            Issue.record("\(outcome.answer)")
            return
        }
        #expect(details.totp.consecutiveFailures == 7)
        #expect(details.totp.longCount == 3)
        #expect(details.totp.retryAfter == .seconds(60))
        #expect(!details.totp.isLocked)
        #expect(details.backup.isLocked)
        #expect(details.backup.consecutiveFailures == 100)
        #expect(details.lastStepBegan == Given.began)
    }

    @Test("no form of an account shows a secret or a code")
    func prints() {
        var text = "\(Given.rescued)" + String(reflecting: Given.rescued)
        dump(Given.rescued, to: &text)
        #expect(text.contains("<secret>"))
        #expect(!text.contains("1, 2, 3, 4, 5"))
        #expect(!text.contains("101, 102, 103"))
        let verify = Verify(code: Given.totp())
        var asked = "\(verify)"
        dump(verify, to: &asked)
        #expect(!asked.contains(Given.code().text))
        #expect(!asked.contains(String(Given.code().value)))
    }
}
