// `reset`: an admin takes the factor of an account away, on the record. A code that was used stays
// used.

package struct Reset: Operation {
    /// Whether used steps that no code could have been accepted for by now are forgotten: an
    /// admin's word that the clock was ahead when they were used. All up to now stay used. So a
    /// code could count twice only if its secret is imported again, and when the clock gets there
    /// once more.
    package let forgetsFuture: Bool

    package init(forgetsFuture: Bool = false) { self.forgetsFuture = forgetsFuture }

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let isForgetting = forgetsFuture && account.guard.retiredWait(at: now) != nil
        guard account.factor != nil || account.pending != nil || isForgetting else {
            return .refused(.notEnrolled, account)
        }
        var empty = Account(account.name)
        // All but this: the same secret may be imported again, and its used codes with it; and its
        // owner should hear of the reset.
        var old = account.guard
        old.retireFactor()
        empty.guard.retiredStepBegan =
            forgetsFuture
            ? min(old.retiredStepBegan, now + Policy.stepAheadMax) : old.retiredStepBegan
        empty.guard.history = old.history
        empty.guard.history.note(.reset, by: .reset, at: now)
        let wait = Self.waitForImported(empty.guard, account, at: now)
        return .accepted(wait.map { .behind($0) } ?? .done, empty)
    }

    /// How long no code of a secret would be accepted that is imported after a reset: because of
    /// steps of the account's own, or of such as the store may have forgotten, which nobody can
    /// take back.
    private static func waitForImported(
        _ reset: Guard, _ account: Account, at now: Instant
    ) -> Duration? {
        let forgotten = account.forgottenStepBegan(.standard, madeAfter: .distantPast)
        let ahead = max(reset.retiredStepBegan, forgotten) - now
        return ahead > Policy.stepAheadMax ? ahead : nil
    }

    /// What stands in for an account whose records cannot be opened: all that is known is that any
    /// step may have been used that could have been accepted by now, the next one included.
    package static func replacement(of name: AccountName, at now: Instant) -> Account {
        var account = Account(name)
        account.guard.retiredStepBegan = now + Policy.stepAheadMax
        account.guard.history.note(.reset, by: .reset, at: now)
        return account
    }

    /// The outcome of resetting such an account, given its replacement.
    package static func ofUnreadable(_ replacement: Account) -> Outcome {
        .accepted(.done, replacement)
    }
}

extension Guard {
    /// How long a used step of the account's own is still to come, because the clock was ahead when
    /// it was used; nil when it was not.
    fileprivate func retiredWait(at now: Instant) -> Duration? {
        let ahead = retiredStepBegan - now
        return ahead > Policy.stepAheadMax ? ahead : nil
    }
}
