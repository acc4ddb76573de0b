// `remove`: takes one of several authenticators away, for a fresh code. Backup codes, devices and
// the other authenticators stay.

import OneTimeCodes

package struct Remove: Operation {
    package let id: AuthenticatorID
    package let code: SubmittedCode
    package let attempt: AttemptTag?

    package init(_ id: AuthenticatorID, code: SubmittedCode, attempt: AttemptTag? = nil) {
        self.id = id
        self.code = code
        self.attempt = attempt
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        switch account.recall(attempt, for: code, at: now, under: policy.throttle) {
        case .nothing:
            return remove(from: account, at: now, under: policy, with: prepared)
                .remembered(attempt, as: .done, at: now)
        case .again(let outcome): return outcome
        case .lost: return account.mistakenAttempt
        }
    }

    private func remove(
        from account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        // Before the code is compared, so that none is used up in vain.
        if account.factor != nil {
            guard account.authenticators.contains(where: { $0.id == id }) else {
                return .refused(.noAuthenticator, account)
            }
            guard !account.others.isEmpty else { return .refused(.lastAuthenticator, account) }
        }
        switch account.consume(code, for: .remove, at: now, under: policy, with: prepared) {
        case .not(let outcome): return outcome
        case .accepted(var accepted, _, _):
            guard let place = accepted.authenticators.firstIndex(where: { $0.id == id }) else {
                preconditionFailure("a code takes no authenticator away")
            }
            accepted.removeAuthenticator(at: place)
            accepted.guard.history.note(.authenticatorRemoved, by: .remove, at: now, of: id)
            return .accepted(.done, accepted)
        }
    }
}
