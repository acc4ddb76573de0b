// The only way in which a code is used up. Every operation with a code goes through `consume`: it
// charges the attempt before it compares, and takes only steps that are newer than every used one
// of the same authenticator.

import OneTimeCodes
import Secrets

extension Account {
    func consume(
        _ code: SubmittedCode, from payer: Payer = .strangers,
        for operation: HistoryEntry.Operation, at now: Instant, under policy: AppPolicy,
        with prepared: Prepared
    ) -> Consumption {
        switch code {
        case .totp(let code):
            return consume(code, from: payer, for: operation, at: now, under: policy)
        case .backup:
            return consumeBackupCode(
                from: payer, for: operation, at: now, under: policy, with: prepared.submitted)
        }
    }

    private consuming func consume(
        _ code: TOTPCode, from payer: Payer, for operation: HistoryEntry.Operation,
        at now: Instant, under appPolicy: AppPolicy
    ) -> Consumption {
        let policy = appPolicy.throttle
        guard let factor else {
            // The same work as for a known user, so that time tells nobody who has an account.
            _ = Self.match(code, Decoy.secret, .standard, at: now)
            return .not(.refused(appPolicy.nameOfNoFactor, self))
        }
        if let refusal = self.refusal(of: payer, .totp, at: now) {
            return .not(Outcome(self, refusal))
        }
        if let wait = waitForClock(at: now) {
            return .not(.refused(.clockBehind, self, retryAfter: wait))
        }

        let isNarrow = payer.isStranger && acceptsOneStep(at: now, under: policy)
        let uncharged = self.guard
        charge(payer, .totp, at: now, under: policy)

        // Every authenticator's codes are computed, whichever is right.
        let first = judge(code, factor, at: 0, isNarrow: isNarrow, now)
        var rest: [JudgedCode] = []
        for (index, other) in others.enumerated() {
            rest.append(judge(code, other, at: index + 1, isNarrow: isNarrow, now))
        }
        let best = rest.reduce(first) { $0.kind < $1.kind ? $1 : $0 }

        if best.kind <= .early {
            return .not(wrongCode(from: payer, since: uncharged, .totp, for: operation, at: now))
        }
        // A used code is no guess: it keeps no charge. See protocol.md.
        self.guard = uncharged
        use(first, at: 0, as: best.kind, appPolicy.driftMax)
        for (index, judged) in rest.enumerated() {
            use(judged, at: index + 1, as: best.kind, appPolicy.driftMax)
        }
        if best.kind == .right {
            if payer.isStranger { self.guard.totp.succeed(at: now) }
            return .accepted(self, .totp, drift: best.drift)
        }
        // Either it was typed late, and the next is shown by now; or the authenticator's clock has
        // moved, and no time helps: nobody can tell.
        if best.kind == .tooOld { return .not(.refused(.replayed, self)) }
        let wait = waitForCode(of: factor, used: first, rest, at: now, under: policy)
        return .not(.refused(.replayed, self, retryAfter: wait))
    }

    /// Until each authenticator whose code was used shows one that is accepted.
    private func waitForCode(
        of factor: Factor, used first: JudgedCode, _ rest: [JudgedCode], at now: Instant,
        under policy: ThrottlePolicy
    ) -> Duration {
        var wait = first.kind == .used ? waitForCode(factor, at: now, under: policy) : .zero
        for (index, judged) in rest.enumerated() where judged.kind == .used {
            let other = waitForCode(others[index], place: index + 1, at: now, under: policy)
            wait = max(wait, other)
        }
        return wait
    }

    private func judge(
        _ code: TOTPCode, _ factor: Factor, at place: Int, isNarrow: Bool, _ now: Instant
    ) -> JudgedCode {
        let offset = offset(at: place)
        let match = Self.match(code, factor.secret, factor.parameters, at: now, offset: offset)
        guard let step = match else { return .wrong }
        let began = Instant(seconds: step * Int64(factor.parameters.period))
        let drift = factor.parameters.drift(of: step, at: now, offset: offset)
        func judged(_ kind: JudgedCode.Kind) -> JudgedCode {
            JudgedCode(kind: kind, began: began, drift: drift)
        }
        guard began > newestUsedStepBegan(factor, at: place) else { return judged(.used) }
        guard isNarrow, let only = driftOfOnlyStep(at: place), drift != only else {
            return judged(.right)
        }
        // Of a step that is still to come nobody may learn that it is right: it would be sent again
        // when it counts.
        return judged(drift < only ? .tooOld : .early)
    }

    /// What a code is for one authenticator, once it is known what it is for the account. The steps
    /// of a code that was accepted are used up for every authenticator that has them: the code is
    /// accepted once.
    private mutating func use(
        _ judged: JudgedCode, at place: Int, as best: JudgedCode.Kind, _ driftMax: Int8
    ) {
        switch judged.kind {
        case .wrong, .used: return
        case .early where best != .right: return
        case .early, .tooOld, .right: break
        }
        var steps = usedSteps(at: place)
        if judged.kind == .right {
            steps.note(judged.drift, began: judged.began, within: driftMax)
        } else {
            // It is used from now on, even if the failures drain meanwhile.
            steps.lastStepBegan = judged.began
        }
        setUsedSteps(steps, at: place)
    }

    /// A code that has been accepted elsewhere is used up for whichever of its steps are here.
    mutating func useUp(_ code: TOTPCode, at now: Instant) {
        for (place, factor) in authenticators.enumerated() {
            let judged = judge(code, factor, at: place, isNarrow: false, now)
            guard judged.kind == .right else { continue }
            var steps = usedSteps(at: place)
            steps.lastStepBegan = judged.began
            setUsedSteps(steps, at: place)
        }
    }

    private consuming func consumeBackupCode(
        from payer: Payer, for operation: HistoryEntry.Operation, at now: Instant,
        under appPolicy: AppPolicy,
        with submitted: Prepared.BackupCodeHash?
    ) -> Consumption {
        let policy = appPolicy.throttle
        let salt = backupCodes?.salt ?? Decoy.salt
        let isHashed = submitted?.salt == salt
        guard factor != nil else {
            let outcome: Outcome =
                isHashed
                ? .refused(appPolicy.nameOfNoFactor, self)
                : .needs(Preparation(salt: salt), self)
            return .not(outcome)
        }
        if let refusal = self.refusal(of: payer, .backup, at: now) {
            return .not(Outcome(self, refusal))
        }
        guard isHashed, let submitted else { return .not(.needs(Preparation(salt: salt), self)) }

        let uncharged = self.guard
        charge(payer, .backup, at: now, under: policy)

        guard backupCodes?.consume(submitted.hash) == true else {
            return .not(wrongCode(from: payer, since: uncharged, .backup, for: operation, at: now))
        }
        self.guard = uncharged
        if payer.isStranger { self.guard.backup.succeed(at: now) }
        self.guard.history.note(.backupCodeUsed, by: operation, at: now)
        return .accepted(self, .backup, drift: nil)
    }

    /// The newest step of the window whose code this is; every step is compared.
    static func match(
        _ code: TOTPCode, _ secret: SecretBytes, _ parameters: CodeParameters, at now: Instant,
        offset: Int8 = 0
    ) -> Int64? {
        let step = TOTP.step(at: now.seconds, period: parameters.period) + Int64(offset)
        return TOTP.newestMatch(
            of: code, secret: secret, parameters: parameters, around: step,
            window: Policy.windowSteps)
    }
}

extension AppPolicy {
    /// What is refused where there is no factor: whether that person may come in without a code is
    /// not left open where the app requires one.
    var nameOfNoFactor: ErrorName { requiresFactor ? .enrollmentRequired : .notEnrolled }
}

extension Throttle {
    /// Why nothing may be compared now, or nil.
    func refusal(at now: Instant) -> Answer? {
        if isLocked { return .refused(Refusal(.locked)) }
        return wait(at: now).map { .refused(Refusal(.throttled, retryAfter: $0, spent: .account)) }
    }
}

extension Payer {
    var isStranger: Bool {
        if case .strangers = self { return true }
        return false
    }
}

extension Account {
    /// The same for whoever paid for it.
    private consuming func wrongCode(
        from payer: Payer, since uncharged: Guard, _ budget: CodeMethod,
        for operation: HistoryEntry.Operation, at now: Instant
    ) -> Outcome {
        switch payer {
        case .strangers:
            return .wrongCode(
                self, since: uncharged[budget], budget, for: operation, at: now)
        case .browser(let index):
            noteWrongCode()
            let id = uncharged.browsers[index].id
            // None where it has ended: what it sends next is a stranger's.
            let wait = self.guard.browsers.first { $0.id == id }?.wait(at: now)
            return .refused(.wrongCode, self, retryAfter: wait)
        }
    }

    fileprivate mutating func noteWrongCode() {
        if factor != nil, self.guard.wrongCodes < .max { self.guard.wrongCodes += 1 }
    }
}

extension Outcome {
    /// A wrong code, charged; `retry_after` says how long nothing will be compared from now on.
    ///
    /// - Parameter before: the budget without the charge.
    static func wrongCode(
        _ charged: consuming Account, since before: Throttle, _ budget: CodeMethod,
        for operation: HistoryEntry.Operation, at now: Instant, isRescue: Bool = false
    ) -> Outcome {
        let throttle = charged.guard[budget]
        charged.noteWrongCode()
        var alert: Alert?
        if throttle.isLocked && !before.isLocked {
            alert = .locked
            charged.guard.history.note(.locked, by: operation, at: now)
        } else if throttle.longCount.isOver(at: now) {
            alert = .longCount
        }
        // The next try that a backup code bought is compared at once, whatever the throttle says.
        let wait = isRescue ? nil : charged.strangersRetryAfter(budget, at: now)
        return .refused(.wrongCode, charged, retryAfter: wait, alert: alert)
    }
}

/// Stands in for what an unknown account does not have.
private enum Decoy {
    static let secret = SecretBytes([UInt8](repeating: 0, count: CodeAlgorithm.sha1.secretBytes))
    static let salt = [UInt8](repeating: 0, count: PasswordHash.saltBytes)
}
