// An app that requires a factor, and secrets that are shorter than new ones are.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite("An app that requires a factor")
struct RequiredFactorTests {
    private static let requiring = AppPolicy(requiresFactor: true)

    private static let operations: [any Accounts.Operation] = [
        Verify(code: Given.totp()), RenewBackupCodes(code: Given.totp()),
        Disable(code: Given.totp()), Remove(.first, code: Given.totp()),
        Enroll(secret: Given.newSecret, parameters: .standard, code: Given.totp()),
    ]

    @Test("has a refusal of its own for whoever has none", arguments: [false, true])
    func refusal(_ requires: Bool) {
        let policy = requires ? Self.requiring : .standard
        let name: ErrorName = requires ? .enrollmentRequired : .notEnrolled
        for operation in Self.operations {
            for account in [Given.unknown, Given.pending] {
                let outcome = operation.decide(
                    account, at: Given.now, under: policy, with: .nothing)
                #expect(outcome.answer == .no(name))
                #expect(outcome.account == account)
            }
        }
        let backup = Verify(code: Given.backup).decide(
            Given.unknown, at: Given.now, under: policy,
            with: Given.hashed(Given.hashes[0], salt: Given.decoySalt))
        #expect(backup.answer == .no(name))
        let status = AccountStatus(Given.unknown, at: Given.now, under: policy)
        #expect(status.isRequired == requires)
    }

    @Test("keeps requiring it while somebody guesses at it")
    func guessedAt() {
        let policy = AppPolicy(requiresFactor: true, allowsShortSecrets: true).guessedAt
        #expect(policy.requiresFactor && policy.allowsShortSecrets)
    }
}

@Suite("A short secret")
struct ShortSecretTests {
    private static func bring(
        _ bytes: Int, allowed: Bool = false, under policy: AppPolicy = .standard
    ) -> Outcome {
        Import(
            secret: SecretBytes([UInt8](repeating: 0x31, count: bytes)), parameters: .standard,
            lastStep: nil, replaces: false, allowsShort: allowed
        ).decide(Given.tooMany, at: Given.now, under: policy, with: .nothing)
    }

    @Test("comes in when the request or the app allows it")
    func allowed() {
        let allowing = AppPolicy(allowsShortSecrets: true)
        for bytes in [10, 15] {
            let refused = Self.bring(bytes)
            #expect(refused.answer.error == .badRequest && !refused.isEvent)
            // Then the next refusal has its turn.
            #expect(Self.bring(bytes, allowed: true).answer == .no(.tooManyAccounts))
            #expect(Self.bring(bytes, under: allowing).answer == .no(.tooManyAccounts))
        }
        #expect(Self.bring(16).answer == .no(.tooManyAccounts))
    }

    @Test("makes an account weak, among others too")
    func weak() {
        let short = SecretBytes([UInt8](repeating: 0x31, count: 15))
        func isWeak(_ account: Account) -> Bool {
            AccountStatus(account, at: Given.now, under: .standard).isWeak
        }
        #expect(!isWeak(Given.active) && !isWeak(Given.unknown))
        let added = Given.active.with {
            _ = $0.add(short, .standard, at: Given.now, name: nil, used: UsedSteps())
        }
        #expect(isWeak(added))
    }
}
