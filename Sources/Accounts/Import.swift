// `import`: an account that comes from elsewhere, with the secret its owner already has. It must
// never make a code good that was used here or there.

import OneTimeCodes
import Secrets

package struct Import: Operation {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    /// The newest step whose code was accepted elsewhere.
    package let lastStep: Int64?
    package let replaces: Bool

    package init(
        secret: SecretBytes, parameters: CodeParameters, lastStep: Int64?, replaces: Bool
    ) {
        self.secret = secret
        self.parameters = parameters
        self.lastStep = lastStep
        self.replaces = replaces
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard account.factor == nil || replaces else {
            return .refused(.alreadyEnrolled, account)
        }
        let newest =
            TOTP.step(at: now.seconds, period: parameters.period)
            + Int64(Policy.windowSteps)
        if let lastStep, !(0...newest).contains(lastStep) {
            let detail = "a step from 0 to the next one is expected"
            let refusal = Refusal(.badRequest, field: "last_step", detail: detail)
            return Outcome(account, .refused(refusal))
        }

        var account = account
        account.factor = Factor(secret: secret, parameters: parameters, enrolledAt: now)
        account.pending = nil
        account.backupCodes = nil
        let usedThere = lastStep.map { Instant(seconds: $0 * Int64(parameters.period)) }
        account.guard.retireFactor()
        account.guard.lastStepBegan = max(account.guard.retiredStepBegan, usedThere ?? .distantPast)
        // Failures stay: only a right code, `unlock` and `reset` take them back.
        account.guard.attempts = []
        return .accepted(.done, account)
    }
}
