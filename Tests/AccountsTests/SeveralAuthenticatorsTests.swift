// Several authenticators for one account: each has its own secret and used steps, all have one
// budget, and a code is accepted once, whichever of them it is of.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite("An account with several authenticators")
struct SeveralAuthenticatorsTests {
    @Test("takes a code of each, once, and each has steps of its own")
    func eachOnce() throws {
        let (phone, tablet) = (Given.code(), Given.code(of: Given.newSecret))
        let later = Given.code(1, of: Given.newSecret)
        var outcome = verify(later, Given.two)
        #expect(outcome.answer.isYes)
        #expect(outcome.account.usedSteps(at: 0) == UsedSteps())
        #expect(outcome.account.usedSteps(at: 1).lastStepBegan == Given.began + .seconds(30))
        #expect(outcome.account.usedSteps(at: 1).drifts.newest == 1)
        // The tablet's older code is used, and the phone's is not.
        outcome = verify(tablet, outcome.account)
        #expect(outcome.answer == .no(.replayed, retryAfter: 50))
        outcome = verify(phone, outcome.account)
        #expect(outcome.answer.isYes)
        #expect(verify(phone, outcome.account).answer == .no(.replayed, retryAfter: 20))
        #expect(verify(later, outcome.account).answer == .no(.replayed, retryAfter: 50))
    }

    @Test("ends an enrolment whose very secret is imported: its code is not accepted once more")
    func importedWhilePending() {
        var account = Given.two
        let secret = SecretBytes([UInt8](repeating: 9, count: 20))
        account.pending = Pending(
            secret: secret, parameters: .standard, expiresAt: Given.now + .seconds(600),
            rescueConfirmations: nil, adds: true)
        let operation = Import(
            secret: secret, parameters: .standard, lastStep: nil, replaces: false, adds: true)
        let outcome = operation.decide(account, at: Given.now, under: .standard, with: Prepared())
        #expect(outcome.account.authenticatorCount == 3)
        #expect(outcome.account.pending == nil)
    }

    @Test("has one budget for all of them")
    func oneBudget() {
        var account = Given.two
        for number in 1...5 {
            let outcome = verify(Given.wrongCode(from: UInt32(1_000 * number)), account)
            #expect(outcome.answer == .no(.wrongCode, retryAfter: number < 5 ? nil : 30))
            #expect(outcome.account.guard.totp.consecutiveFailures == UInt32(number))
            account = outcome.account
        }
        for code in [Given.code(), Given.code(of: Given.newSecret)] {
            #expect(verify(code, account).answer == .no(.throttled, retryAfter: 30))
        }
        // A right code of either ends the row.
        let later = Given.now + .seconds(30)
        let tablet = verify(Given.code(of: Given.newSecret, at: later), account, at: later)
        #expect(tablet.account.guard.totp.consecutiveFailures == 0)
    }

    /// Two secrets that have one code now, the second one `offset` steps from the clock's.
    private static func twins(_ offset: Int64) throws -> (SecretBytes, SecretBytes, TOTPCode) {
        func secret(_ kind: UInt8, _ number: Int) -> SecretBytes {
            let bytes = [UInt8](repeating: kind, count: 18)
            return SecretBytes(bytes + [UInt8(number >> 8), UInt8(number & 255)])
        }
        var found: [UInt32: Int] = [:]
        for number in 0..<4_000 { found[Given.code(of: secret(1, number)).value] = number }
        for number in 0..<4_000 {
            let code = Given.code(offset, of: secret(2, number))
            guard let twin = found[code.value] else { continue }
            return (secret(1, twin), secret(2, number), code)
        }
        throw NoTwins()
    }

    private struct NoTwins: Error {}

    private static func account(_ first: SecretBytes, _ second: SecretBytes) -> Account {
        Given.active.with {
            $0.factor = Factor(secret: first, parameters: .standard, enrolledAt: Given.now)
            $0.addTablet(second)
        }
    }

    @Test("uses a code up for each that has it", arguments: [-1, 0, 1] as [Int64], [false, true])
    func usedUpForBoth(_ offset: Int64, _ isGuessedAt: Bool) throws {
        let (first, second, code) = try Self.twins(offset)
        var account = Self.account(first, second)
        if isGuessedAt { account.guard.totp = .guessedAt }
        let outcome = verify(code, account)
        #expect(outcome.answer.isYes)
        #expect(outcome.account.usedSteps(at: 0).lastStepBegan == Given.began)
        #expect(
            outcome.account.usedSteps(at: 1).lastStepBegan
                == Given.began + .seconds(30 * offset))
        // Nor does it count when the other's step has come, or while a guesser is gone.
        for seconds in [0, 30] as [Int64] {
            let now = Given.now + .seconds(seconds)
            let again = verify(code, outcome.account, at: now).answer
            #expect(again.error == .replayed || again.error == .wrongCode)
            var calm = outcome.account
            calm.guard.totp = Throttle()
            #expect(!verify(code, calm, at: now).answer.isYes)
        }
    }

    @Test("takes a code that is used for one of them and fresh for another")
    func usedForOne() throws {
        let (first, second, code) = try Self.twins(0)
        let account = Self.account(first, second).used(upTo: Given.began)
        let outcome = verify(code, account)
        #expect(outcome.answer.isYes)
        #expect(verify(code, outcome.account).answer.error == .replayed)
    }

    @Test("accepts one step of each while somebody guesses, shown or not")
    func narrow() {
        var account = Given.two.with { $0.guard.totp = .guessedAt }
        func answers(_ secret: SecretBytes) -> [ErrorName?] {
            (-1...1).map { verify(Given.code($0, of: secret), account).answer.error }
        }
        // Neither has shown its clock: the step of this moment.
        #expect(answers(Given.secret) == [.replayed, nil, .wrongCode])
        #expect(answers(Given.newSecret) == [.replayed, nil, .wrongCode])
        account.guard.others[0].drifts.note(1)
        #expect(answers(Given.secret) == [.replayed, nil, .wrongCode])
        #expect(answers(Given.newSecret) == [.replayed, .replayed, nil])
        // One alone takes three steps until then.
        account = Given.active.with { $0.guard.totp = .guessedAt }
        #expect(answers(Given.secret) == [nil, nil, nil])
    }

    @Test("says clock_behind only when all of them are ahead")
    func clockBehind() {
        let ahead = Given.now + .minutes(60)
        let one = Given.two.used(upTo: ahead)
        #expect(verify(Given.code(of: Given.newSecret), one).answer.isYes)
        #expect(verify(Given.code(), one).answer.error == .replayed)
        #expect(verify(Given.wrongCode(), one).answer.error == .wrongCode)
        let both = one.with {
            $0.guard.others[0].lastStepBegan = ahead + .minutes(60)
        }
        let expected = Answer.no(.clockBehind, retryAfter: 3_600)
        #expect(verify(Given.wrongCode(), both).answer == expected)
        #expect(verify(Given.wrongCode(), both).account == both)
    }
}

extension Throttle {
    /// Enough failures that one step is accepted, and no wait.
    fileprivate static var guessedAt: Throttle {
        Throttle(failures: 0, emptyAt: Given.now + .seconds(25_920 * 40))
    }
}
