// Which events an app could make without end, and how many of them are kept: one app's flood must
// not wash away what others have done. It must never leave out an event of a code that was right
// or wrong, of a factor, of an admin, or with an alert.

extension Outcome {
    /// Whether an app can have this come about again and again, without a person's code: nothing
    /// has changed, or nothing but an enrolment of somebody who has no factor, or the token of a
    /// device whose use within the same minute of the clock has its event already.
    package func isCheap(since before: Account, at now: Instant) -> Bool {
        guard alert == nil, account.guard == before.guard, account.factor == before.factor,
            account.backupCodes == before.backupCodes
        else { return false }
        if case .accepted(.trusted(let device, _)) = answer {
            let used = before.devices.first { $0.id == device.id }?.usedAt
            return used.map { $0.minute == now.minute } ?? false
        }
        guard account.devices == before.devices else { return false }
        return account.pending == before.pending || account.factor == nil
    }
}

/// How many cheap events an app may have kept, and how many were left out.
package struct EventBudget: Equatable, Sendable {
    private var state: LimitState?
    /// Since the last event of the app that was kept.
    private var omitted = 0

    package init() {}

    /// Whether there is room for one more cheap event at this moment; it is taken.
    package mutating func take(at now: Instant) -> Bool {
        let level = LimitLevel(state, under: Policy.cheapEvents, at: now)
        guard level.wait(for: 1) == nil else {
            omitted += 1
            // As of now: a clock that was set back holds nothing back for longer than it takes.
            state = level.spending(0)
            return false
        }
        state = level.spending(1)
        return true
    }

    /// How many were left out, to be told once.
    package mutating func takeOmitted() -> Int {
        defer { omitted = 0 }
        return omitted
    }
}

extension Instant {
    fileprivate var minute: Int64 { seconds / 60 }
}
