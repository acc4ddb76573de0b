// Shapes of accounts that somebody guesses at: what versions 6 and later of the records know of.

import Accounts
import OneTimeCodes
import Secrets
import Store

extension RecordShape {
    /// More drifts than version 5 could say.
    static func drifted() throws -> Account {
        var account = try account("drifted")
        account.factor = Factor(
            secret: secret(13, 20), parameters: .standard, enrolledAt: Clock.start)
        account.guard.lastStepBegan = Clock.after(120)
        account.guard.drifts = drifts(0, 1, -1, 0)
        return account
    }

    /// The oldest first.
    static func drifts(_ all: Int8...) -> Drifts {
        var drifts = Drifts()
        for drift in all { drifts.note(drift) }
        return drifts
    }
}
