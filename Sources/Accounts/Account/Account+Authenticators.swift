// An account's authenticators as one list: the first is at place 0. Nearly every account has one
// alone, and then nothing here costs a list.

import OneTimeCodes
import Secrets

extension Account {
    package var authenticatorCount: Int { factor == nil ? 0 : 1 + others.count }

    package var authenticators: [Factor] { factor.map { [$0] + others } ?? [] }

    package func usedSteps(at place: Int) -> UsedSteps {
        guard place > 0 else {
            return UsedSteps(
                lastStepBegan: self.guard.lastStepBegan, drifts: self.guard.drifts,
                offset: self.guard.offset)
        }
        return self.guard.others[place - 1]
    }

    mutating func setUsedSteps(_ steps: UsedSteps, at place: Int) {
        guard place > 0 else {
            self.guard.lastStepBegan = steps.lastStepBegan
            self.guard.drifts = steps.drifts
            self.guard.offset = steps.offset
            return
        }
        self.guard.others[place - 1] = steps
    }

    func offset(at place: Int) -> Int8 {
        place == 0 ? self.guard.offset : self.guard.others[place - 1].offset
    }

    /// When the newest step of the authenticator at this place began that is accepted no more.
    package func newestUsedStepBegan(_ factor: Factor, at place: Int = 0) -> Instant {
        max(
            place == 0 ? self.guard.lastStepBegan : self.guard.others[place - 1].lastStepBegan,
            forgottenStepBegan(factor.parameters, madeAfter: factor.madeAfter))
    }

    /// What is computed of each authenticator, in their order.
    func ofEach<Result>(_ body: (Factor, Int) -> Result) -> [Result] {
        authenticators.enumerated().map { body($1, $0) }
    }
}

extension Account {
    /// Whether there is room for one more.
    var isFullOfAuthenticators: Bool { authenticatorCount >= Policy.authenticatorsMax }

    /// For the next one. None that is there has it.
    private var nextID: AuthenticatorID {
        var next = newestID.next
        // They are far fewer than there are ids.
        while authenticators.contains(where: { $0.id == next }) { next = next.next }
        return next
    }

    /// Puts one beside those that are there, and returns its id. There must be one, and room.
    mutating func add(
        _ secret: SecretBytes, _ parameters: CodeParameters, at now: Instant,
        madeAfter: Instant = .distantPast, name: String?, used steps: UsedSteps
    ) -> AuthenticatorID {
        let id = nextID
        newestID = id
        others.append(
            Factor(
                secret: secret, parameters: parameters, enrolledAt: now, madeAfter: madeAfter,
                id: id, name: name))
        self.guard.others.append(steps)
        return id
    }

    /// Takes one away, which is not the only one. Its used steps are remembered, in case its secret
    /// is imported again; and no answer is given again that one of its codes may have had.
    mutating func removeAuthenticator(at place: Int) {
        self.guard.retiredStepBegan = max(
            self.guard.retiredStepBegan, usedSteps(at: place).lastStepBegan)
        self.guard.attempts = []
        guard place == 0 else {
            others.remove(at: place - 1)
            self.guard.others.remove(at: place - 1)
            return
        }
        factor = others.removeFirst()
        setUsedSteps(self.guard.others.removeFirst(), at: 0)
    }

    /// All of them go, and what goes with them.
    mutating func endFactor() {
        factor = nil
        others = []
        newestID = .first
        devices = []
        self.guard.retireFactor()
        self.guard.attempts = []
    }
}
