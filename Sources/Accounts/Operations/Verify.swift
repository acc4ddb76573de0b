// `verify`: is this the person's code, now, for the first time? It says yes once to each code. Only
// the same attempt gets the same answer again.

import OneTimeCodes

package struct Verify: Operation {
    package let code: SubmittedCode
    package let attempt: AttemptTag?
    /// To be remembered if the code is right.
    package let device: NewDevice?

    package init(code: SubmittedCode, attempt: AttemptTag? = nil, device: NewDevice? = nil) {
        self.code = code
        self.attempt = attempt
        self.device = device
    }

    /// The same, with a device to be remembered.
    package func remembering(_ device: NewDevice) -> Verify {
        Verify(code: code, attempt: attempt, device: device)
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        if device != nil, !policy.devices.isOn {
            let detail = "devices are not remembered for this app"
            return Outcome(
                account, .refused(Refusal(.badRequest, field: "remember", detail: detail)))
        }
        switch account.recall(attempt, for: code, at: now, under: policy.throttle) {
        case .nothing: break
        case .again(let outcome): return outcome
        case .lost(let noted, let result): return again(account, noted, result, at: now, policy)
        }

        switch account.consume(code, for: .verify, at: now, under: policy, with: prepared) {
        case .not(let refused): return refused.remembered(attempt, at: now)
        case .accepted(var accepted, let method, let drift):
            let left = accepted.backupCodesLeft
            // The owner is told, and so told once.
            let wrongCodes = accepted.guard.wrongCodes
            accepted.guard.wrongCodes = 0
            let given = device.map { accepted.add($0, at: now, under: policy.devices) }
            let answer = Verified(
                method, backupCodesLeft: left, wrongCodes: wrongCodes, drift: drift, device: given)
            let result = RememberedAttempt.Result.verified(
                method, backupCodesLeft: left, wrongCodes: wrongCodes, device: given?.id)
            return Outcome.accepted(.verified(answer), accepted)
                .remembered(attempt, as: result, at: now)
        }
    }

    /// The token that was lost with the first answer gives way to a new one; other than that, the
    /// answer is the same.
    private func again(
        _ account: Account, _ noted: Account, _ result: RememberedAttempt.Result,
        at now: Instant, _ policy: AppPolicy
    ) -> Outcome {
        guard case .verified(let method, let left, let wrongCodes, let lost?) = result else {
            return account.mistakenAttempt
        }
        var answer = Verified(method, backupCodesLeft: left, wrongCodes: wrongCodes)
        guard let device, account.devices.contains(where: { $0.id == lost }) else {
            return Outcome(account, .accepted(.verified(answer)), isEvent: false)
        }
        var noted = noted
        noted.devices.removeAll { $0.id == lost }
        answer.device = noted.remember(device, at: now, under: policy.devices)
        return .accepted(.verified(answer), noted)
    }
}

extension Account {
    fileprivate mutating func add(
        _ device: NewDevice, at now: Instant, under policy: DevicePolicy
    ) -> TrustedDevice {
        `guard`.history.note(.deviceRemembered, by: .verify, at: now)
        return remember(device, at: now, under: policy)
    }
}
