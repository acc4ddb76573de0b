// How authenticators come to an account and go from it, and what is told of them.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite("An authenticator beside others")
struct AuthenticatorListTests {
    private static let second = AuthenticatorID(rawValue: 2)

    private static func enroll(_ code: SubmittedCode?, adds: Bool = true) -> Enroll {
        Enroll(
            secret: Given.newSecret, parameters: .standard, code: code, adds: adds, name: "Tablet")
    }

    @Test("begins with an enrolment for which the first gives a code")
    func adding() throws {
        let attempt = AttemptTag(
            attempt: "attempt-of-a-test", operation: "confirm",
            canonicalCode: Given.code(of: Given.newSecret).text)
        let device = Device(
            id: DeviceID(rawValue: 1), label: nil, createdAt: Given.now, usedAt: Given.now,
            current: [UInt8](repeating: 1, count: DeviceProof.digestBytes), previous: nil)
        let before = Given.active.with {
            $0.devices = [device]
            $0.guard.totp = Throttle(failures: 3, emptyAt: Given.now + .days(2))
        }
        #expect(
            Self.enroll(nil).decide(before, at: Given.now, with: .nothing).answer
                == .no(.codeRequired))
        let begun = Self.enroll(Given.totp()).decide(before, at: Given.now, with: .nothing)
        #expect(begun.account.pending?.adds == true && begun.account.others.isEmpty)
        let confirm = Confirm(code: Given.code(of: Given.newSecret), attempt: attempt)
        let added = confirm.decide(begun.account, at: Given.now, with: .nothing)
        let id = try #require(Self.second)
        #expect(added.answer == .accepted(.added(id)))
        let account = added.account
        #expect(account.authenticators.map(\.name) == [nil, "Tablet"])
        #expect(account.devices == [device] && account.backupCodes == before.backupCodes)
        #expect(account.pending == nil)
        #expect(account.usedSteps(at: 0).lastStepBegan == Given.began)
        #expect(account.usedSteps(at: 1).lastStepBegan == Given.began)
        let again = confirm.decide(account, at: Given.now + .seconds(60), with: .nothing)
        #expect(again.answer == added.answer && again.account == account && !again.isEvent)
        #expect(
            account.guard.history.newestFirst.first
                == HistoryEntry(at: Given.now, .confirm, .authenticatorAdded, of: id))
    }

    @Test("adds the first of an account that has none as any other")
    func addingFirst() {
        let begun = Self.enroll(nil).decide(Given.unknown, at: Given.now, with: .nothing)
        #expect(begun.account.pending?.adds == false)
        let confirm = Confirm(code: Given.code(of: Given.newSecret))
        let outcome = confirm.decide(begun.account, at: Given.now, with: Given.renewed)
        #expect(outcome.answer == .accepted(.done))
        #expect(outcome.account.factor?.name == "Tablet")
    }

    @Test("has eight at most, and a new phone replaces all of them")
    func eight() throws {
        var account = Given.active
        for number in 2...8 as ClosedRange<UInt8> { account.addTablet(.numbered(number)) }
        #expect(account.authenticatorCount == 8)
        let refused = Self.enroll(Given.totp()).decide(account, at: Given.now, with: .nothing)
        #expect(refused.answer == .no(.tooManyAuthenticators))
        #expect(refused.account == account, "no code is used up in vain")
        #expect(verify(Given.code(of: .numbered(8)), account).answer.isYes)

        let replacing = Self.enroll(Given.totp(), adds: false)
        let begun = replacing.decide(account, at: Given.now, with: .nothing)
        let used = begun.account.with { $0.guard.others[3].lastStepBegan = Given.now + .days(1) }
        let confirm = Confirm(code: Given.code(of: Given.newSecret))
        let after = confirm.decide(used, at: Given.now, with: Given.renewed).account
        #expect(after.authenticatorCount == 1 && after.guard.others.isEmpty)
        #expect(after.newestID == .first && after.factor?.id == .first)
        #expect(after.guard.retiredStepBegan == Given.now + .days(1))
    }

    @Test("takes no ninth, whatever an import has brought meanwhile")
    func ninth() {
        var account = Given.active.with {
            $0.pending = Pending(
                secret: Given.newSecret, parameters: .standard,
                expiresAt: Given.now + .minutes(5), rescueConfirmations: nil, adds: true)
        }
        for number in 2...8 as ClosedRange<UInt8> { account.addTablet(.numbered(number)) }
        let confirm = Confirm(code: Given.code(of: Given.newSecret))
        #expect(
            confirm.decide(account, at: Given.now, with: Given.renewed).answer
                == .no(.tooManyAuthenticators))
    }

    @Test("loses the one that is removed, and that one's codes stay used")
    func removing() throws {
        let id = try #require(Self.second)
        let (phone, tablet) = (Given.code(), Given.code(of: Given.newSecret))
        let refusals: [(Account, Remove, ErrorName)] = [
            (Given.active, Remove(id, code: .totp(phone)), .noAuthenticator),
            (Given.active, Remove(.first, code: .totp(phone)), .lastAuthenticator),
            (Given.unknown, Remove(.first, code: .totp(phone)), .notEnrolled),
        ]
        for (account, remove, name) in refusals {
            let outcome = remove.decide(account, at: Given.now, with: .nothing)
            #expect(outcome.answer == .no(name) && outcome.account == account)
        }
        let wrong = Remove(id, code: .totp(Given.wrongCode()))
        #expect(wrong.decide(Given.two, at: Given.now, with: .nothing).answer == .no(.wrongCode))

        // The phone is lost. The tablet's code takes it away, and the tablet is the first.
        let used = verify(phone, Given.two).account
        let gone = Remove(.first, code: .totp(tablet)).decide(used, at: Given.now, with: .nothing)
        #expect(gone.answer == .accepted(.done))
        #expect(gone.account.authenticators.map(\.id) == [id])
        #expect(gone.account.usedSteps(at: 0).lastStepBegan == Given.began)
        #expect(gone.account.guard.others.isEmpty && gone.account.guard.attempts.isEmpty)
        #expect(gone.account.guard.retiredStepBegan == Given.began)
        #expect(verify(Given.code(1), gone.account).answer.error == .wrongCode)

        // Its secret comes back, and its used code does not.
        let back = Import(
            secret: Given.secret, parameters: .standard, lastStep: nil, replaces: false, adds: true)
        let account = back.decide(gone.account, at: Given.now, with: .nothing).account
        #expect(account.authenticatorCount == 2)
        #expect(verify(phone, account).answer.error == .replayed)
        #expect(account.authenticators.map(\.id.rawValue) == [2, 3], "no id comes again")
    }

    @Test("forgets with one that is removed what its codes were answered")
    func attemptsEnd() {
        let attempt = AttemptTag(
            attempt: "attempt-of-a-thief", operation: "verify", canonicalCode: Given.code().text)
        let verify = Verify(code: Given.totp(), attempt: attempt)
        let used = verify.decide(Given.two, at: Given.now, with: .nothing).account
        let remove = Remove(.first, code: Given.totp(of: Given.newSecret))
        let gone = remove.decide(used, at: Given.now, with: .nothing).account
        #expect(verify.decide(gone, at: Given.now, with: .nothing).answer.error == .wrongCode)
    }

    @Test("gives an id again only when 254 others were given")
    func ids() {
        var account = Given.two
        var given: [UInt8] = []
        for number in 0..<600 {
            account.addTablet(.numbered(UInt8(number & 255)))
            given.append(account.newestID.rawValue)
            account.removeAuthenticator(at: 2)
        }
        // All but those of the two that are there.
        #expect(Array(given.prefix(253)) == Array(3...255))
        #expect(given[253] == 3 && !given.contains(1) && !given.contains(2))
    }

    // MARK: Importing

    @Test("has one more brought beside the others, or all replaced")
    func importing() {
        func bring(
            _ secret: SecretBytes, _ account: Account, replaces: Bool = false, adds: Bool = false,
            _ parameters: CodeParameters = .standard, dry: Bool = false
        ) -> Outcome {
            Import(
                secret: secret, parameters: parameters, lastStep: nil, replaces: replaces,
                isDryRun: dry, adds: adds, name: "Token"
            ).decide(account, at: Given.now, with: .nothing)
        }
        let third = SecretBytes.numbered(3)
        #expect(bring(third, Given.two).answer == .no(.alreadyEnrolled))
        let added = bring(third, Given.two, adds: true)
        #expect(added.answer == .accepted(.done))
        #expect(added.account.authenticators.map(\.name) == [nil, "Tablet", "Token"])
        #expect(added.account.backupCodes == Given.two.backupCodes)
        #expect(
            bring(third, Given.two, adds: true, dry: true).answer
                == .accepted(.wouldImport(.add)))
        // Each that is there is there, whatever is asked for.
        for secret in [Given.secret, Given.newSecret, third] {
            for (replaces, adds) in [(false, false), (true, false), (false, true)] {
                let again = bring(secret, added.account, replaces: replaces, adds: adds)
                #expect(again.answer == .accepted(.done) && again.account == added.account)
            }
        }
        #expect(
            bring(third, added.account, adds: true, codeParameters(.sha1, 6, 60)).answer
                == .no(.alreadyEnrolled))
        let replaced = bring(.numbered(4), added.account, replaces: true).account
        #expect(replaced.authenticatorCount == 1 && replaced.guard.others.isEmpty)
    }

    // MARK: What is told

    @Test("is told of in status and history, by id and name")
    func told() throws {
        func status(_ account: Account) -> [AuthenticatorStatus] {
            AccountStatus(account, at: Given.now, under: .standard).authenticators
        }
        #expect(status(Given.active).isEmpty)
        let used = verify(Given.code(1, of: Given.newSecret), Given.two).account
        #expect(status(used).map(\.id.rawValue) == [1, 2])
        #expect(status(used).map(\.name) == [nil, "Tablet"])
        #expect(status(used).map(\.lastStepBegan) == [nil, Given.began + .seconds(30)])
        #expect(status(used).map(\.drift) == [nil, 1])

        let id = try #require(Self.second)
        var account = used
        // Of one with this id that is gone since, and of the one that is there.
        account.guard.history.note(
            .authenticatorRemoved, by: .remove, at: Given.now - .days(1), of: id)
        account.guard.history.note(.authenticatorAdded, by: .confirm, at: Given.now, of: id)
        let outcome = ReadHistory().decide(account, at: Given.now, with: .nothing)
        guard case .accepted(.history(let lines)) = outcome.answer else {
            Issue.record("no history")
            return
        }
        #expect(lines.map(\.authenticatorName) == ["Tablet", nil])
        #expect(lines.map(\.entry.authenticator) == [id, id])
    }
}
