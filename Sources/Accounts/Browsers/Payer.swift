// Whose budget a code is charged to, and what that budget says now.

/// Whose failures a wrong code is one of.
enum Payer {
    /// Whoever is not known: all together.
    case strangers
    /// The known browser at this place.
    case browser(at: Int)
}

extension Account {
    /// Why no code of this kind may be compared now, or nil.
    func refusal(
        of payer: Payer, _ budget: CodeMethod, at now: Instant
    ) -> Answer? {
        switch payer {
        case .strangers:
            if self.guard[budget].isLocked { return .refused(Refusal(.locked)) }
            return strangersWait(budget, at: now).map {
                .refused(Refusal(.throttled, retryAfter: $0, spent: .account))
            }
        case .browser(let index):
            return self.guard.browsers[index].wait(at: now).map {
                .refused(Refusal(.throttled, retryAfter: $0, spent: .browser))
            }
        }
    }

    /// Counts an attempt as failed. A known browser ends with its last failure.
    mutating func charge(
        _ payer: Payer, _ budget: CodeMethod, at now: Instant,
        under policy: ThrottlePolicy
    ) {
        switch payer {
        case .strangers: self.guard[budget].charge(at: now, under: policy)
        case .browser(let index):
            self.guard.browsers[index].charge(at: now, under: policy)
            if self.guard.browsers[index].failures >= Policy.browserFailuresMax {
                self.guard.browsers.remove(at: index)
            }
        }
    }

    /// How long nothing is compared of strangers, or nil.
    ///
    /// Beside known browsers their long count is a bucket that takes no more when it is full: the
    /// owner has another way in.
    func strangersWait(_ budget: CodeMethod, at now: Instant) -> Duration? {
        let throttle = self.guard[budget]
        let wait = throttle.wait(at: now)
        guard let room = throttle.longCount.waitForRoom(at: now), hasKnownBrowsers(at: now) else {
            return wait
        }
        return max(wait ?? .zero, room)
    }

    /// The same as it is told; nil as well for a lock, which no time ends.
    func strangersRetryAfter(_ budget: CodeMethod, at now: Instant) -> Duration? {
        self.guard[budget].isLocked ? nil : strangersWait(budget, at: now)
    }
}
