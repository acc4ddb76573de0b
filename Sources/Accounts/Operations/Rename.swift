// `rename`: an admin gives an account another name, in the same app or in another one. All that
// there is of it goes along in one step: at no moment are there two, or none.

package struct Rename: Operation {
    /// Whose the account is from now on.
    package let name: AccountName

    package init(to name: AccountName) { self.name = name }

    /// As it is decided where nothing is known of the new name.
    package func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        decide(account, onto: Account(name), at: now).0
    }

    /// - Parameter target: what there is of the new name.
    /// - Returns: the decision on the old name, and what there is of the new one afterwards.
    package func decide(
        _ account: Account, onto target: Account, at now: Instant
    ) -> (Outcome, Account) {
        guard account.isKnown else { return (.refused(.notEnrolled, account), target) }
        // Not even wrong codes: they would be somebody else's.
        guard !target.isKnown, account.name != name else {
            return (.refused(.nameTaken, account), target)
        }
        // Within an app it is one account before and after.
        guard account.name.app == name.app || !target.isOneTooMany else {
            return (.refused(.tooManyAccounts, account), target)
        }
        var renamed = account
        renamed.name = name
        renamed.guard.history.note(.renamed, by: .rename, at: now)
        return (.accepted(.done, account.emptied), renamed)
    }
}

extension Account {
    /// Nothing is left of it.
    fileprivate var emptied: Account {
        var empty = Account(name)
        empty.usedBefore = usedBefore
        empty.isOneTooMany = isOneTooMany
        return empty
    }

    /// Whether there is anything of it that a record would keep.
    fileprivate var isKnown: Bool { self != emptied }
}
