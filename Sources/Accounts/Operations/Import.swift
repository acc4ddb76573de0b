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
    /// Whether it comes beside the authenticators that are there, and not in their place.
    package let adds: Bool
    /// What its owner calls the authenticator.
    package let name: String?
    /// Whether the secret may be shorter than new ones are.
    let allowsShort: Bool
    /// Nothing is changed and nothing is an event: the answer says what would be done.
    package let isDryRun: Bool

    package init(
        secret: SecretBytes, parameters: CodeParameters, lastStep: Int64?, replaces: Bool,
        hasBackupCodes: Bool = false, isDryRun: Bool = false, adds: Bool = false,
        name: String? = nil, allowsShort: Bool = false
    ) {
        self.secret = secret
        self.parameters = parameters
        self.lastStep = lastStep
        self.replaces = replaces
        self.hasBackupCodes = hasBackupCodes
        self.isDryRun = isDryRun
        self.adds = adds
        self.name = name
        self.allowsShort = allowsShort
    }

    /// A dry run decides as a run does, and keeps the account as it was.
    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard !secret.isShort || allowsShort || policy.allowsShortSecrets else {
            let (least, most) = (Policy.importedSecretBytesMin, Policy.importedSecretBytesMax)
            let detail =
                "base32 of \(least) to \(most) bytes is expected, or of "
                + "\(Policy.shortSecretBytesMin) and more with allow_short"
            let refusal = Refusal(.badRequest, field: "secret", detail: detail)
            return Outcome(account, .refused(refusal), isEvent: false)
        }
        let outcome = bring(to: account, at: now, with: prepared)
        guard isDryRun else { return outcome }
        let isTheSame = place(in: account) != nil
        let effect = effect(on: account)
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

    private func effect(on account: Account) -> ImportEffect {
        if account.factor == nil { return .enroll }
        if place(in: account) != nil { return .keep }
        return adds ? .add : .replace
    }

    private var withoutBackupCodes: Import {
        Import(
            secret: secret, parameters: parameters, lastStep: lastStep, replaces: replaces,
            isDryRun: isDryRun, adds: adds, name: name, allowsShort: allowsShort)
    }

    private func bring(
        to account: Account, at now: Instant, with prepared: Prepared
    ) -> Outcome {
        guard !account.isOneTooMany else { return .refused(.tooManyAccounts, account) }
        let place = place(in: account)
        guard account.factor == nil || place != nil || mayCome(to: account) else {
            return .refused(.alreadyEnrolled, account)
        }
        guard !adds || place != nil || !account.isFullOfAuthenticators else {
            return .refused(.tooManyAuthenticators, account)
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
        if let place {
            return alreadyThere(account, place, usedThere, at: now, with: prepared)
        }
        guard !hasBackupCodes || prepared.newBackupCodes != nil else {
            return .needs(Preparation(newBackupCodes: true), account)
        }

        var account = account
        if adds, account.factor != nil { return add(to: account, usedThere, at: now) }
        account.endFactor()
        account.factor = Factor(
            secret: secret, parameters: parameters, enrolledAt: now, name: name)
        account.pending = nil
        account.backupCodes = hasBackupCodes ? prepared.newBackupCodes : nil
        // Failures stay: only a right code, `unlock` and `reset` take them back.
        account.guard.lastStepBegan = max(account.guard.retiredStepBegan, usedThere ?? .distantPast)
        account.guard.history.note(.imported, by: .importFactor, at: now)
        return .accepted(account.brought(at: 0, now), account)
    }

    /// All else stays. So does a pending enrolment, unless it is of this very secret: a code of it
    /// that is used here would be accepted once more to confirm that.
    private func add(
        to account: Account, _ usedThere: Instant?, at now: Instant
    ) -> Outcome {
        var account = account
        let used = max(account.guard.retiredStepBegan, usedThere ?? .distantPast)
        let id = account.add(
            secret, parameters, at: now, name: name, used: UsedSteps(lastStepBegan: used))
        if account.pending?.secret == secret { account.pending = nil }
        account.guard.history.note(.authenticatorAdded, by: .importFactor, at: now, of: id)
        return .accepted(account.brought(at: account.others.count, now), account)
    }

    /// Where this very secret is among the authenticators.
    private func place(in account: Account) -> Int? {
        account.authenticators.firstIndex { $0.secret == secret && $0.parameters == parameters }
    }

    /// Whether it may take the place of what is there, or come beside it. One secret with two sets
    /// of parameters would have its codes accepted twice.
    private func mayCome(to account: Account) -> Bool {
        replaces || adds && !account.authenticators.contains { $0.secret == secret }
    }

    /// An import that is done again, after a break or by mistake, takes nothing away: backup codes
    /// and all else stay. A step that was used elsewhere meanwhile is news, and so are backup codes
    /// where none ever were. Others are refused: a yes would say that they work, and to take them
    /// over could bring back such as were used.
    private func alreadyThere(
        _ account: Account, _ place: Int, _ usedThere: Instant?, at now: Instant,
        with prepared: Prepared
    ) -> Outcome {
        var known = account
        if let usedThere, usedThere > known.usedSteps(at: place).lastStepBegan {
            known.setUsedSteps(UsedSteps(lastStepBegan: usedThere), at: place)
        }
        let answer = Answer.accepted(known.brought(at: place, now))
        guard hasBackupCodes else { return Outcome(known, answer, isEvent: known != account) }
        let salt = account.backupCodes?.salt
        guard let brought = prepared.newBackupCodes, salt == nil || salt == brought.salt else {
            return .needs(Preparation(newBackupCodes: true, newCodesSalt: salt), account)
        }
        guard let kept = account.backupCodes else {
            known.backupCodes = brought
            known.guard.history.note(.backupCodesRenewed, by: .importFactor, at: now)
            return Outcome(known, answer)
        }
        guard kept.count > 0, kept.isSubset(of: brought) else {
            return .refused(.alreadyEnrolled, account)
        }
        return Outcome(known, answer, isEvent: known != account)
    }
}

extension SecretBytes {
    /// Whether it is shorter than RFC 4226 wants it.
    package var isShort: Bool { count < Policy.importedSecretBytesMin }
}

extension Account {
    /// The yes to whoever brought the factor: it says when none of its codes is accepted yet.
    fileprivate func brought(at place: Int, _ now: Instant) -> Acceptance {
        let wait = waitForClock(authenticators[place], place: place, at: now)
        return wait.map { .behind($0) } ?? .done
    }
}
