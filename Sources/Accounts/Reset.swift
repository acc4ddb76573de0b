// `reset` and `unlock`: what support does for a person, by an admin and on the record. A reset must
// never make a used code good again.

package struct Reset: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard account.factor != nil || account.pending != nil else {
            return .refused(.notEnrolled, account)
        }
        var empty = Account(account.name)
        // All but this: the same secret may be imported again, and its used codes with it; and its
        // owner should hear of the reset.
        var old = account.guard
        old.retireFactor()
        empty.guard.retiredStepBegan = old.retiredStepBegan
        empty.guard.history = old.history
        empty.guard.history.note(.reset, by: .reset, at: now)
        return .accepted(.done, empty)
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

package struct Unlock: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        let hasCounts = account.guard.totp != Throttle() || account.guard.backup != Throttle()
        guard account.factor != nil || account.pending != nil || hasCounts else {
            return .refused(.notEnrolled, account)
        }
        var account = account
        account.guard.totp = Throttle()
        account.guard.backup = Throttle()
        account.guard.deviceFailures = DeviceFailures()
        if hasCounts { account.guard.history.note(.unlocked, by: .unlock, at: now) }
        return .accepted(.done, account)
    }
}
