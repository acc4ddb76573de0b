// `trusted`: does this browser carry a good token of a remembered device? The newest is replaced at
// most once a minute. The one before is good as long as the newest has not been seen: then its
// answer was lost. Any other shows that two browsers hold the device, and the device ends.

package struct Trusted: Operation {
    /// Nil for a text that is no token: a cookie may arrive cut short.
    package let token: DeviceProof?
    /// The hash of what the device is to carry next.
    package let next: [UInt8]

    package init(token: DeviceProof?, next: [UInt8]) {
        self.token = token
        self.next = next
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard let token, let index = account.devices.firstIndex(where: { $0.id == token.id })
        else { return account.refuseDevice(at: now) }
        var account = account
        guard !account.isOver(account.devices[index], at: now, under: policy.devices) else {
            account.devices.remove(at: index)
            return .refused(.notTrusted, account)
        }

        switch account.devices[index].standing(of: token.digest, at: now) {
        case .stale:
            account.devices.remove(at: index)
            account.guard.history.note(.stolenDevice, by: .trusted, at: now)
            return .refused(.notTrusted, account, alert: .stolenDevice)
        case .justReplaced:
            account.devices[index].note(token.digest)
            let device = TrustedDevice(account.devices[index], at: now, under: policy.devices)
            return .accepted(.trusted(device, isTokenReplaced: false), account)
        case .current, .unanswered:
            account.devices[index].replaceToken(token.digest, by: next, at: now)
            let device = TrustedDevice(account.devices[index], at: now, under: policy.devices)
            return .accepted(.trusted(device, isTokenReplaced: true), account)
        }
    }
}

extension Account {
    /// A series that is not here. It counts only against an account that has any, as no right token
    /// can be among those of others; and a right one is never refused for it. Nor does the answer
    /// tell which accounts those are.
    fileprivate func refuseDevice(at now: Instant) -> Outcome {
        guard !devices.isEmpty else { return .refused(.notTrusted, self) }
        var charged = self
        charged.guard.deviceFailures.settle(at: now)
        if charged.guard.deviceFailures.wait(at: now) != nil {
            return Outcome(self, .refused(Refusal(.notTrusted)), isEvent: false)
        }
        charged.guard.deviceFailures.add(at: now)
        return .refused(.notTrusted, charged)
    }
}
