// What a decision answers: yes, no, or that slow work has to be done first.

package enum Answer: Equatable, Sendable {
    case accepted(Acceptance)
    case refused(Refusal)
    /// Nothing was decided and nothing may change: ask again with slow work done.
    case needs(Preparation)
}
