// What an app can have come about again and again without anybody's right code. Each kind has a
// budget of its own, so that a flood of one leaves out none of another.

package enum BoundedEvent: CaseIterable, Sendable {
    /// Nothing has changed, or nothing but what belongs to somebody who has no factor, or the token
    /// of a device whose use within the same minute of the clock has its event already.
    case cheap
    /// A wrong code of somebody who has a factor, and whatever else was refused and changed a
    /// count.
    case wrongCode
    /// The same, where somebody should look.
    case alert

    package var budget: LimitPolicy {
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
            account.others == before.others, account.backupCodes == before.backupCodes
        else { return false }
        if case .accepted(.trusted(let device, _)) = answer {
            let used = before.devices.first { $0.id == device.id }?.usedAt
            return used.map { $0.minute == now.minute } ?? false
        }
        guard account.devices == before.devices else { return false }
        return account.pending == before.pending || account.factor == nil
    }
}

extension Instant {
    fileprivate var minute: Int64 { seconds / 60 }
}
