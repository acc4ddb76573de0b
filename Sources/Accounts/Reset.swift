// `reset` and `unlock`: what support does for a person, by an admin and on the record. A reset must
// never make a used code good again.

import OneTimeCodes

package struct Reset: Operation {
    package init() {}

    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        guard account.factor != nil || account.pending != nil else {
            return .refused(.notEnrolled, account)
        }
        var empty = Account(account.name)
        // All but this: the same secret may be imported again, and its used codes with it.
        var old = account.guard
        old.retireFactor()
        empty.guard.retiredStepBegan = old.retiredStepBegan
        return .accepted(.done, empty)
    }

    /// What stands in for an account whose records cannot be opened: all that is known is that any
    /// step may have been used that could have been accepted by now, the next one included.
    package static func replacement(of name: AccountName, at now: Instant) -> Account {
        var account = Account(name)
        let ahead = Int64(Policy.windowSteps * CodeParameters.periodRange.upperBound)
        account.guard.retiredStepBegan = now + .seconds(ahead)
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
        return .accepted(.done, account)
    }
}
