// What a decision comes to: the account afterwards, the answer, and what to record. A decision has
// no other effect.

import OneTimeCodes

package struct Outcome: Equatable, Sendable {
    /// The state after the decision; equal to the state before when nothing changed.
    package var account: Account
    package var answer: Answer
    /// Written with the event when somebody should look.
    package var alert: Alert?
    /// False for what only looks, and for an answer given once more: neither is an event.
    package var isEvent: Bool

    package init(_ account: Account, _ answer: Answer, alert: Alert? = nil, isEvent: Bool = true) {
        self.account = account
        self.answer = answer
        self.alert = alert
        self.isEvent = isEvent
    }

    static func accepted(
        _ acceptance: consuming Acceptance, _ account: consuming Account
    ) -> Outcome {
        Outcome(account, .accepted(acceptance))
    }

    static func refused(
        _ name: ErrorName, _ account: Account, retryAfter: Duration? = nil, alert: Alert? = nil
    ) -> Outcome {
        Outcome(account, .refused(Refusal(name, retryAfter: retryAfter)), alert: alert)
    }

    static func needs(_ preparation: Preparation, _ account: Account) -> Outcome {
        Outcome(account, .needs(preparation), isEvent: false)
    }
}
