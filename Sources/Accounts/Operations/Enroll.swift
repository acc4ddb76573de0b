// `enroll`: a new secret that waits for its first code. The factor stays in force until then. An
// account with a factor has to bring a code.

import OneTimeCodes
import Secrets

package struct Enroll: Operation {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    /// Asked of an account that has a factor.
    package let code: SubmittedCode?
    /// Of the code. An enrolment that needs none may be asked for again as it is.
    package let attempt: AttemptTag?
    /// Whether it comes beside the authenticators that are there, and not in their place.
    package let adds: Bool
    /// What its owner calls the new authenticator.
    package let name: String?

    package init(
        secret: SecretBytes, parameters: CodeParameters, code: SubmittedCode? = nil,
        attempt: AttemptTag? = nil, adds: Bool = false, name: String? = nil
    ) {
        self.secret = secret
        self.parameters = parameters
        self.code = code
        self.attempt = attempt
        self.adds = adds
        self.name = name
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard !account.isOneTooMany else { return .refused(.tooManyAccounts, account) }
        guard let code else {
            guard account.factor == nil else { return .refused(.codeRequired, account) }
            return begin(account, at: now, rescueConfirmations: nil)
        }
        guard !adds || !account.isFullOfAuthenticators else {
            return .refused(.tooManyAuthenticators, account)
        }
        switch account.recall(attempt, for: code, at: now, under: policy.throttle) {
        case .nothing: break
        case .again(let outcome): return outcome
        case .lost(let noted, _):
            guard let lost = noted.pending else {
                return account.usedOnce(code, at: now, under: policy)
            }
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
            rescueConfirmations: rescueConfirmations, madeAfter: account.usedBefore.steps,
            adds: adds && account.factor != nil, name: name)
        return .accepted(.enrolled(expiresIn: Policy.pendingLifetime), account)
    }
}

extension Account {
    /// The answer to the code of an enrolment that was begun and given up since. It was used, and
    /// is known to be: nothing is compared, and so nothing is charged.
    fileprivate func usedOnce(
        _ code: SubmittedCode, at now: Instant, under policy: AppPolicy
    ) -> Outcome {
        guard factor != nil else { return .refused(policy.nameOfNoFactor, self) }
        let refusal: Refusal
        switch code {
        case .totp:
            // Nobody knows any more of which authenticator it was.
            let waits = ofEach { waitForCode($0, place: $1, at: now, under: policy.throttle) }
            refusal = Refusal(.replayed, retryAfter: waits.max())
        case .backup: refusal = Refusal(.wrongCode)
        }
        return Outcome(self, .refused(refusal), isEvent: false)
    }
}
