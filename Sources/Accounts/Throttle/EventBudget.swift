// Which events an app could make without end, and how many of them are kept: one app's flood must
// not wash away what others have done. It must never leave out an event of a right code, of a
// factor, or of an admin; nor, for what is done to people who have no factor, one of a wrong code.

/// What an app can have come about again and again without anybody's right code. Each kind has a
/// budget of its own, so that a flood of one leaves out none of another.
package enum BoundedEvent: CaseIterable, Sendable {
    /// Nothing has changed, or nothing but what belongs to somebody who has no factor, or the token
    /// of a device whose use within the same minute of the clock has its event already.
    case cheap
    /// A wrong code of somebody who has a factor, and whatever else was refused and changed a
    /// count.
    case wrongCode
    /// The same, where somebody should look.
    case alert

    var budget: LimitPolicy {
        switch self {
        case .cheap: return Policy.cheapEvents
        case .wrongCode: return Policy.wrongCodeEvents
        case .alert: return Policy.alertEvents
        }
    }
}

extension Outcome {
    /// Nil for what takes somebody's right code each time: its event is always kept.
    package func boundedEvent(since before: Account, at now: Instant) -> BoundedEvent? {
        switch answer {
        case .needs: return nil
        case .accepted: return isCheap(since: before, at: now) ? .cheap : nil
        case .refused:
            // Whoever has no factor may be made up, and so may be the alert.
            if account.factor == nil, before.factor == nil { return .cheap }
            if alert != nil { return .alert }
            return isCheap(since: before, at: now) ? .cheap : .wrongCode
        }
    }

    private func isCheap(since before: Account, at now: Instant) -> Bool {
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

/// How many of them an app may have kept, and how many were left out.
package struct EventBudget: Equatable, Sendable {
    /// What is spent, by kind.
    private var spent: [BoundedEvent: LimitState] = [:]
    /// Of all kinds, since the last event of the app that was kept.
    private var omitted = 0

    package init() {}

    /// Whether there is room for one more event of a kind at this moment; it is taken.
    package mutating func take(_ kind: BoundedEvent, at now: Instant) -> Bool {
        let level = LimitLevel(spent[kind], under: kind.budget, at: now)
        guard level.wait(for: 1) == nil else {
            omitted += 1
            // As of now: a clock that was set back holds nothing back for longer than it takes.
            spent[kind] = level.spending(0)
            return false
        }
        spent[kind] = level.spending(1)
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
