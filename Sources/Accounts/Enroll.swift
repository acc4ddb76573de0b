// `enroll`: a new secret that waits for its first code. It must never touch the factor that counts,
// nor any count of attempts, but for the code that a person with a factor has to bring.

import OneTimeCodes
import Secrets

package struct Enroll: Operation {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    /// Asked of an account that has a factor.
    package let code: SubmittedCode?

    package init(secret: SecretBytes, parameters: CodeParameters, code: SubmittedCode? = nil) {
        self.secret = secret
        self.parameters = parameters
        self.code = code
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard let code else {
            guard account.factor == nil else { return .refused(.codeRequired, account) }
            return begin(account, at: now, rescueConfirmations: nil)
        }
        switch account.consume(code, for: .enroll, at: now, under: policy, with: prepared) {
        case .not(let outcome): return outcome
        case .accepted(let account, .totp, _):
            return begin(account, at: now, rescueConfirmations: nil)
        case .accepted(let account, .backup, _):
            // The way out for someone whose TOTP budget is spent, by a guesser or a lost phone.
            return begin(account, at: now, rescueConfirmations: Policy.rescueConfirmations)
        }
    }

    private func begin(
        _ account: Account, at now: Instant, rescueConfirmations: Int?
    ) -> Outcome {
        var account = account
        account.pending = Pending(
            secret: secret, parameters: parameters, expiresAt: now + Policy.pendingLifetime,
            rescueConfirmations: rescueConfirmations)
        return .accepted(.enrolled(expiresIn: Policy.pendingLifetime), account)
    }
}
