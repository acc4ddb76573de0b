// `rename`: what goes along, and what is refused.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite("A rename")
struct RenameTests {
    private static let new = accountName("augusta")
    private static let rename = Rename(to: new)

    @Test("takes all along, and leaves nothing of the old name")
    func everything() {
        var account = Given.two.used(upTo: Given.began, drift: 1)
        account.pending = Given.waiting(rescue: 3)
        account.guard.totp = .waiting
        account.guard.backup = .locked
        account.guard.browsers = [.given(0)]
        account.guard.retiredStepBegan = Given.began
        account.guard.wrongCodes = 7
        account.usedBefore = UsedBefore(restoredAt: Given.now - .days(3))
        let (outcome, renamed) = Self.rename.decide(
            account, onto: Account(Self.new), at: Given.now)
        #expect(outcome.answer == .accepted(.done) && outcome.isEvent)
        #expect(outcome.account.name == account.name && renamed.name == Self.new)
        var back = renamed
        back.name = account.name
        #expect(back == account.noted(.renamed, by: .rename))
        var empty = Account(account.name)
        empty.usedBefore = account.usedBefore
        #expect(outcome.account == empty)
    }

    @Test("needs somebody to rename, and a name of which nothing is known")
    func refusals() {
        func answer(_ account: Account, _ target: Account) -> Answer {
            let (outcome, kept) = Self.rename.decide(account, onto: target, at: Given.now)
            if !outcome.answer.isYes { #expect(outcome.account == account && kept == target) }
            return outcome.answer
        }
        let free = Account(Self.new)
        #expect(answer(Given.unknown, free) == .no(.notEnrolled))
        var targets: [Account] = []
        for change in [
            { $0.factor = Given.active.factor }, { $0.pending = Given.pending.pending },
            { $0.guard.totp = .one }, { $0.guard.retiredStepBegan = Given.began },
            { $0.guard.history.note(.reset, by: .reset, at: Given.now) },
        ] as [(inout Account) -> Void] {
            targets.append(free.with(change))
        }
        for target in targets { #expect(answer(Given.active, target) == .no(.nameTaken)) }
        #expect(answer(Given.active, Given.active) == .no(.nameTaken))
        // What the store may have forgotten of everybody is nothing of this one.
        let restored = free.with { $0.usedBefore = UsedBefore(restoredAt: Given.now) }
        #expect(answer(Given.active, restored).isYes)

        let full = free.with { $0.isOneTooMany = true }
        #expect(answer(Given.active, full).isYes, "it is one account, before and after")
        let elsewhere = Account(accountName("ada", app: "shop"))
        let moving = Rename(to: elsewhere.name)
        let refused = moving.decide(
            Given.active, onto: elsewhere.with { $0.isOneTooMany = true }, at: Given.now)
        #expect(refused.0.answer == .no(.tooManyAccounts))
        #expect(moving.decide(Given.active, onto: elsewhere, at: Given.now).0.answer.isYes)
    }

    @Test("is for wrong codes alone, too")
    func countsAlone() {
        let guessed = Given.unknown.with { $0.guard.totp = .one }
        let (outcome, renamed) = Self.rename.decide(
            guessed, onto: Account(Self.new), at: Given.now)
        #expect(outcome.answer.isYes && renamed.guard.totp == .one)
    }
}
