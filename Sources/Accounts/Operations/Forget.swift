// `forget`: ends one remembered device, or all of them and the known browsers. It needs no code,
// because it only takes trust away.

package struct Forget: Operation {
    package enum Which: Equatable, Sendable {
        case all
        /// Nil for a text that is no id: no device has it.
        case one(DeviceID?)
    }

    package let which: Which

    package init(_ which: Which) {
        self.which = which
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        var account = account
        switch which {
        case .one(let id):
            guard let index = account.devices.firstIndex(where: { $0.id == id }) else {
                return .refused(.notTrusted, account)
            }
            account.devices.remove(at: index)
        case .all:
            account.guard.browsers = []
            guard !account.devices.isEmpty else { return .accepted(.done, account) }
            account.devices = []
        }
        account.guard.history.note(.deviceEnded, by: .forget, at: now)
        return .accepted(.done, account)
    }
}
