// Accounts with several authenticators.

import OneTimeCodes
import Secrets

@testable import Accounts

extension Given {
    /// A phone, and a tablet beside it.
    static let two = active.with { $0.addTablet() }
}

extension Account {
    /// One more authenticator, as an import brings it.
    mutating func addTablet(_ secret: SecretBytes = Given.newSecret) {
        _ = add(secret, .standard, at: Given.now, name: "Tablet", used: UsedSteps())
    }
}

extension SecretBytes {
    static func numbered(_ number: UInt8) -> SecretBytes {
        SecretBytes([UInt8](repeating: 0x77, count: 19) + [number])
    }
}

func verify(_ code: TOTPCode, _ account: Account, at now: Instant = Given.now) -> Outcome {
    Verify(code: .totp(code)).decide(account, at: now, with: .nothing)
}
