// A clock that once ran ahead must not bar a person for good: a fresh secret has no used steps.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite struct ClockAheadTests {
    private static let year = Duration.days(365)

    /// Ada logged in while the host's clock was a year ahead.
    private static let ahead = Given.active.used(upTo: Given.began + year)

    @Test("her old secret stays refused until then, by name and not with a yes")
    func oldSecret() {
        let outcome = Verify(code: Given.totp()).decide(
            Self.ahead, at: Given.now, with: .nothing)
        #expect(outcome.answer.error == .replayed)
    }

    @Test("a reset and a new enrolment help her at once")
    func newSecret() {
        var account = Reset().decide(Self.ahead, at: Given.now, with: .nothing).account
        let enroll = Enroll(secret: Given.newSecret, parameters: .standard)
        account = enroll.decide(account, at: Given.now, with: .nothing).account
        let confirm = Confirm(code: Given.code(of: Given.newSecret, at: Given.now))
        account = confirm.decide(account, at: Given.now, with: Given.renewed).account
        let later = Given.now + .seconds(30)
        let verify = Verify(code: .totp(Given.code(of: Given.newSecret, at: later)))
        #expect(verify.decide(account, at: later, with: .nothing).answer.isYes)
    }

    @Test("her old secret, imported again, is still refused")
    func importedAgain() {
        var account = Reset().decide(Self.ahead, at: Given.now, with: .nothing).account
        let bring = Import(
            secret: Given.secret, parameters: .standard, lastStep: nil, replaces: false)
        account = bring.decide(account, at: Given.now, with: .nothing).account
        let outcome = Verify(code: Given.totp()).decide(account, at: Given.now, with: .nothing)
        #expect(outcome.answer.error == .replayed)
    }
}
