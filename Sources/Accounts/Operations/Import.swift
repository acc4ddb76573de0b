// `import`: an account from elsewhere, with the secret that its owner already has. Codes that were
// used here or there stay used.

import OneTimeCodes
import Secrets

package struct Import: Operation {
    package let secret: SecretBytes
    package let parameters: CodeParameters
    /// The newest step whose code was accepted elsewhere.
    package let lastStep: Int64?
    package let replaces: Bool
    /// Whether backup codes come along, whose hashes are then asked for.
    package let hasBackupCodes: Bool
    /// Nothing is changed and nothing is an event: the answer says what would be done.
    package let isDryRun: Bool

    package init(
        secret: SecretBytes, parameters: CodeParameters, lastStep: Int64?, replaces: Bool,
        hasBackupCodes: Bool = false, isDryRun: Bool = false
    ) {
        self.secret = secret
        self.parameters = parameters
        self.lastStep = lastStep
        self.replaces = replaces
        self.hasBackupCodes = hasBackupCodes
        self.isDryRun = isDryRun
    }

    /// A dry run decides as a run does, and keeps the account as it was.
    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let outcome = bring(to: account, at: now, with: prepared)
        guard isDryRun else { return outcome }
        let isTheSame = account.factor.map(isSame) ?? false
        let effect: ImportEffect = account.factor == nil ? .enroll : isTheSame ? .keep : .replace
        switch outcome.answer {
        case .refused: return Outcome(account, outcome.answer, isEvent: false)
        // Only codes that are there already are compared with others.
        case .needs where isTheSame: return outcome
        case .needs:
            // Backup codes have no part in the rest.
            return withoutBackupCodes.decide(account, at: now, under: policy, with: prepared)
        case .accepted(let acceptance):
            var wait: Duration?
            if case .behind(let found) = acceptance { wait = found }
            return Outcome(
                account, .accepted(.wouldImport(effect, behind: wait)), isEvent: false)
        }
    }

    private var withoutBackupCodes: Import {
        Import(
            secret: secret, parameters: parameters, lastStep: lastStep, replaces: replaces,
            isDryRun: isDryRun)
    }

    private func bring(
        to account: Account, at now: Instant, with prepared: Prepared
    ) -> Outcome {
        guard !account.isOneTooMany else { return .refused(.tooManyAccounts, account) }
        let isTheSame = account.factor.map(isSame) ?? false
        guard account.factor == nil || replaces || isTheSame else {
            return .refused(.alreadyEnrolled, account)
        }
        let newest =
            TOTP.step(at: now.seconds, period: parameters.period)
            + Int64(Policy.windowSteps)
        // Before it is multiplied, so that no number is too large for that.
        if let lastStep, lastStep < 0 || lastStep > newest {
            let detail = "a step from 0 to the next one is expected"
            let refusal = Refusal(.badRequest, field: "last_step", detail: detail)
            return Outcome(account, .refused(refusal))
        }

        let usedThere = lastStep.map { Instant(seconds: $0 * Int64(parameters.period)) }
        guard !isTheSame else {
            return alreadyThere(account, usedThere, at: now, with: prepared)
        }
        guard !hasBackupCodes || prepared.newBackupCodes != nil else {
            return .needs(Preparation(newBackupCodes: true), account)
        }

        var account = account
        account.factor = Factor(secret: secret, parameters: parameters, enrolledAt: now)
        account.pending = nil
        account.backupCodes = hasBackupCodes ? prepared.newBackupCodes : nil
        account.devices = []
        account.guard.retireFactor()
        account.guard.lastStepBegan = max(account.guard.retiredStepBegan, usedThere ?? .distantPast)
        // Failures stay: only a right code, `unlock` and `reset` take them back.
        account.guard.attempts = []
        account.guard.history.note(.imported, by: .importFactor, at: now)
        return .accepted(account.broughtFactor(at: now), account)
    }

    private func isSame(_ factor: Factor) -> Bool {
        factor.secret == secret && factor.parameters == parameters
    }

    /// An import that is done again, after a break or by mistake, takes nothing away: backup codes
    /// and all else stay. A step that was used elsewhere meanwhile is news, and so are backup codes
    /// where none ever were. Others are refused: a yes would say that they work, and to take them
    /// over could bring back such as were used.
    private func alreadyThere(
        _ account: Account, _ usedThere: Instant?, at now: Instant, with prepared: Prepared
    ) -> Outcome {
        var known = account
        if let usedThere, usedThere > known.guard.lastStepBegan {
            known.guard.lastStepBegan = usedThere
            known.guard.drifts = Drifts()
        }
        guard hasBackupCodes else { return same(known, as: account, at: now) }
        let salt = account.backupCodes?.salt
        guard let brought = prepared.newBackupCodes, salt == nil || salt == brought.salt else {
            return .needs(Preparation(newBackupCodes: true, newCodesSalt: salt), account)
        }
        guard let kept = account.backupCodes else {
            known.backupCodes = brought
            known.guard.history.note(.backupCodesRenewed, by: .importFactor, at: now)
            return .accepted(known.broughtFactor(at: now), known)
        }
        guard kept.count > 0, kept.isSubset(of: brought) else {
            return .refused(.alreadyEnrolled, account)
        }
        return same(known, as: account, at: now)
    }

    private func same(_ known: Account, as account: Account, at now: Instant) -> Outcome {
        Outcome(known, .accepted(known.broughtFactor(at: now)), isEvent: known != account)
    }
}

extension Account {
    /// The yes to whoever brought the factor: it says when none of its codes is accepted yet.
    fileprivate func broughtFactor(at now: Instant) -> Acceptance {
        guard let factor, let wait = waitForClock(factor, at: now) else { return .done }
        return .behind(wait)
    }
}
