// `enroll`: a new secret that waits for its first code. It must never touch the factor that counts,
// nor any count of attempts, but for the code that a person with a factor has to bring.

import OneTimeCodes
import Secrets

package struct Enroll: Operation {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    /// Asked of an account that has a factor.
    package let code: SubmittedCode?
    /// Of the code. An enrolment that needs none may be asked for again as it is.
    package let attempt: AttemptTag?

    package init(
        secret: SecretBytes, parameters: CodeParameters, code: SubmittedCode? = nil,
        attempt: AttemptTag? = nil
    ) {
        self.secret = secret
        self.parameters = parameters
        self.code = code
        self.attempt = attempt
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard !account.isOneTooMany else { return .refused(.tooManyAccounts, account) }
        guard let code else {
            guard account.factor == nil else { return .refused(.codeRequired, account) }
            return begin(account, at: now, rescueConfirmations: nil)
        }
        var account = account
        switch account.recall(attempt, for: code, at: now, under: policy.throttle) {
        case .nothing: break
        case .again(let outcome): return outcome
        case .lost(let noted, _):
            // Given up meanwhile: then it is decided as a code that was used.
            account = noted
            guard let lost = noted.pending else { break }
            return begin(noted, at: now, rescueConfirmations: lost.rescueConfirmations)
        }
        let outcome: Outcome
        switch account.consume(code, for: .enroll, at: now, under: policy, with: prepared) {
        case .not(let refused): outcome = refused
        case .accepted(let account, .totp, _):
            outcome = begin(account, at: now, rescueConfirmations: nil)
        case .accepted(let account, .backup, _):
            // The way out for someone whose TOTP budget is spent, by a guesser or a lost phone.
            outcome = begin(account, at: now, rescueConfirmations: Policy.rescueConfirmations)
        }
        return outcome.remembered(attempt, as: .enrolled, at: now)
    }

    private func begin(
        _ account: Account, at now: Instant, rescueConfirmations: Int?
    ) -> Outcome {
        var account = account
        account.guard.endAttempts(that: .enrolled)
        account.pending = Pending(
            secret: secret, parameters: parameters, expiresAt: now + Policy.pendingLifetime,
            rescueConfirmations: rescueConfirmations)
        return .accepted(.enrolled(expiresIn: Policy.pendingLifetime), account)
    }
}
