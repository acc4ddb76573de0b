// What an app or an admin may see of one authenticator. It holds no secret.

import OneTimeCodes

package struct AuthenticatorStatus: Equatable, Sendable {
    package let id: AuthenticatorID
    package let name: String?
    package let enrolledAt: Instant
    /// When its newest used step began; nil before the first.
    package let lastStepBegan: Instant?
    package let parameters: CodeParameters
    /// How many steps from the clock's its newest accepted step was.
    package let drift: Int8?
    /// How many steps its clock has been learnt to be from ours.
    package let offset: Int8

    init(_ factor: Factor, _ steps: UsedSteps) {
        id = factor.id
        name = factor.name
        enrolledAt = factor.enrolledAt
        lastStepBegan = steps.lastStepBegan == .distantPast ? nil : steps.lastStepBegan
        parameters = factor.parameters
        drift = steps.drifts.newest
        offset = steps.offset
    }
}
