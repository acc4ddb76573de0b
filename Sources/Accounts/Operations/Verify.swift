// `verify`: is this the person's code, now, for the first time? It says yes once to each code. Only
// the same attempt gets the same answer again.

import OneTimeCodes

package struct Verify: Operation {
    package let code: SubmittedCode
    package let attempt: AttemptTag?
    /// To be remembered if the code is right.
    package var device: NewDevice?
    /// Where the code was typed.
    package var browser: AskedBrowser

    package init(
        code: SubmittedCode, attempt: AttemptTag? = nil, device: NewDevice? = nil,
        browser: AskedBrowser = AskedBrowser()
    ) {
        self.code = code
        self.attempt = attempt
        self.device = device
        self.browser = browser
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

        let known = account.known(browser.sent, at: now)
        let consumption = account.consume(
            code, from: known.map { .browser(at: $0) } ?? .strangers, for: .verify, at: now,
            under: policy, with: prepared)
        switch consume consumption {
        case .not(let refused): return refused.remembered(attempt, at: now)
        case .accepted(var accepted, let method, let drift):
            if known != nil, browser.readmits { accepted.readmitStrangers(at: now) }
            let left = accepted.backupCodesLeft
            // The owner is told, and so told once.
            let wrongCodes = accepted.guard.wrongCodes
            accepted.guard.wrongCodes = 0
            let given = device.map { accepted.add($0, at: now, under: policy.devices) }
            if let next = browser.next {
                accepted.know(next, insteadOf: known.map { account.guard.browsers[$0].id }, at: now)
            }
            var answer = Verified(
                method, backupCodesLeft: left, wrongCodes: wrongCodes, drift: drift, device: given)
            answer.isBrowserKnown = browser.next != nil
            let result = RememberedAttempt.Result.verified(
                method, backupCodesLeft: left, wrongCodes: wrongCodes, device: given?.id,
                browser: browser.next?.id)
            return Outcome.accepted(.verified(answer), consume accepted)
                .remembered(attempt, as: result, at: now)
        }
    }

    /// The tokens that were lost with the first answer give way to new ones; other than that, the
    /// answer is the same.
    private func again(
        _ account: Account, _ noted: Account, _ result: RememberedAttempt.Result,
        at now: Instant, _ policy: AppPolicy
    ) -> Outcome {
        guard case .verified(let method, let left, let wrongCodes, let lost, let known) = result
        else { return account.mistakenAttempt }
        var answer = Verified(method, backupCodesLeft: left, wrongCodes: wrongCodes)
        var noted = noted
        if let device, let lost, account.devices.contains(where: { $0.id == lost }) {
            noted.devices.removeAll { $0.id == lost }
            answer.device = noted.remember(device, at: now, under: policy.devices)
        }
        if let next = browser.next, let known,
            account.guard.browsers.contains(where: { $0.id == known })
        {
            noted.know(next, insteadOf: known, at: now)
            answer.isBrowserKnown = true
        }
        guard answer.device != nil || answer.isBrowserKnown else {
            return Outcome(account, .accepted(.verified(answer)), isEvent: false)
        }
        return .accepted(.verified(answer), noted)
    }
}

extension Account {
    /// An owner who can log in says that strangers may try again. Their long count stays.
    fileprivate mutating func readmitStrangers(at now: Instant) {
        if `guard`.totp.isLocked || `guard`.backup.isLocked {
            `guard`.history.note(.unlocked, by: .verify, at: now)
        }
        `guard`.totp.rebind(at: now)
        `guard`.backup.rebind(at: now)
    }

    fileprivate mutating func add(
        _ device: NewDevice, at now: Instant, under policy: DevicePolicy
    ) -> TrustedDevice {
        `guard`.history.note(.deviceRemembered, by: .verify, at: now)
        return remember(device, at: now, under: policy)
    }
}
