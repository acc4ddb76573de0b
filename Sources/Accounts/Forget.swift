// `forget`: one remembered device, or all of them, will be asked for a code again. It must never
// need a code: it takes trust away.

package struct Forget: Operation {
    /// Nil for all.
    package let id: DeviceID?

    package init(id: DeviceID?) {
        self.id = id
    }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        var account = account
        if let id {
            guard let index = account.devices.firstIndex(where: { $0.id == id }) else {
                return .refused(.notTrusted, account)
            }
            account.devices.remove(at: index)
        } else {
            guard !account.devices.isEmpty else { return .accepted(.done, account) }
            account.devices = []
        }
        account.guard.history.note(.deviceEnded, by: .forget, at: now)
        return .accepted(.done, account)
    }
}
