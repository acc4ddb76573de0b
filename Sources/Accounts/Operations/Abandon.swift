// Removes an account that never had a factor, once its enrolment is over and none of its wrong
// codes counts any more. This frees its place among the app's accounts.

package struct Abandon: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        // No event: the one of `enroll` said when it would end.
        var account = account
        if account.isAbandoned(at: now) {
            account.pending = nil
            account.guard.forgetCounts()
        }
        return Outcome(account, .accepted(.done), isEvent: false)
    }
}

extension Account {
    /// Whether all that there is of it, beside what a factor or an admin has left, is an enrolment
    /// that is too old to be confirmed, or wrong codes that count no more.
    package func isAbandoned(at now: Instant) -> Bool {
        guard factor == nil, self.guard.areCountsOver(at: now) else { return false }
        return pending?.isExpired(at: now) ?? self.guard.hasCounts
    }
}

extension Guard {
    /// Whether it holds what an app can have come about without anybody's right code. Such an
    /// account counts among those of its app: there may be no more of them than of others. An
    /// attempt that is remembered has been charged, or had a right code.
    package var hasCounts: Bool { totp.hasCounts || backup.hasCounts }

    /// A row of failures ends with its long count here: each has had its 7.2 hours by then, which
    /// is as fast as anybody can guess in the long run.
    func areCountsOver(at now: Instant) -> Bool {
        totp.isOver(at: now) && backup.isOver(at: now) && deviceFailures.emptyAt <= now
            && !attempts.contains { $0.isFresh(at: now) }
    }

    mutating func forgetCounts() {
        totp = Throttle()
        backup = Throttle()
        attempts = []
        deviceFailures = DeviceFailures()
        // Wrong codes alone have brought it there, and nobody ever had a factor.
        if history.newestFirst.allSatisfy({ $0.what == .locked }) { history = History() }
    }
}

extension Throttle {
    /// Not for a success alone, whose moment is kept too.
    fileprivate var hasCounts: Bool {
        consecutiveFailures > 0 || isLocked || longCount != Bucket()
    }

    fileprivate func isOver(at now: Instant) -> Bool {
        wait(at: now) == nil && longCount.level(at: now) == 0
    }
}
