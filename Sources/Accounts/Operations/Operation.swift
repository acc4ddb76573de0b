// One operation on one account: a pure function of the account, the moment, its app's policy
// and prepared work. It may be called more than once for one request, so it has no effect.

package protocol Operation: Sendable {
    func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome

    /// What the client calls this request, to ask again for an answer that was lost.
    var attempt: AttemptTag? { get }
}

extension Operation {
    package var attempt: AttemptTag? { nil }

    /// Whether the account remembers this request's answer, so that nothing is compared or charged.
    func isAnswered(in account: Account, at now: Instant) -> Bool {
        guard let attempt, let remembered = account.guard.remembered(attempt, at: now) else {
            return false
        }
        guard remembered.tag.code == attempt.code else { return true }
        switch remembered.result {
        case .verified, .gaveCodes, .added, .done, .wrongCode, .void: return true
        case .enrolled: return account.pending != nil
        case .answered: return false
        }
    }
}
