// Shapes of accounts with several authenticators: what versions 11 and 12 of the records know of.

import Accounts
import OneTimeCodes
import Secrets
import Store

extension RecordShape {
    /// As many as there may be, with the longest names and secrets, and one more on its way.
    static func several() throws -> Account {
        var account = try account("several")
        account.factor = Factor(
            secret: secret(17, 20), parameters: .standard, enrolledAt: Clock.start,
            name: String(repeating: "é", count: Policy.authenticatorNameBytesMax / 2))
        let slow = try parameters(.sha256, 8, 60)
        for number in 2...UInt8(Policy.authenticatorsMax) {
            account.others.append(
                Factor(
                    secret: secret(30 + number, Policy.importedSecretBytesMax), parameters: slow,
                    enrolledAt: Clock.after(Int64(number)),
                    madeAfter: number == 3 ? Clock.after(-60) : .distantPast,
                    id: try require(AuthenticatorID(rawValue: number), "an id"),
                    name: number % 2 == 0
                        ? nil : String(repeating: "é", count: Policy.authenticatorNameBytesMax / 2))
            )
            account.guard.others.append(
                UsedSteps(
                    lastStepBegan: number == 4 ? .distantPast : Clock.after(Int64(number) * 60),
                    drifts: number == 4 ? Drifts() : drifts(-1, 0, 1)))
        }
        account.newestID = try require(AuthenticatorID(rawValue: 8), "an id")
        account.pending = Pending(
            secret: secret(50, 64), parameters: slow, expiresAt: Clock.after(600),
            rescueConfirmations: 5, adds: true,
            name: String(repeating: "é", count: Policy.authenticatorNameBytesMax / 2))
        return account
    }

    /// The first of an account, with a name, still on its way.
    static func addingNamed() throws -> Account {
        var account = try account("named")
        account.pending = Pending(
            secret: secret(18, 20), parameters: .standard, expiresAt: Clock.after(600),
            rescueConfirmations: nil, name: "Phone")
        return account
    }

    /// Clocks that have fallen behind, one of them as far as any may be followed.
    static func fallenBehind() throws -> Account {
        var account = try account("fallen behind")
        account.factor = Factor(
            secret: secret(20, 20), parameters: .standard, enrolledAt: Clock.start)
        account.guard.lastStepBegan = Clock.after(30)
        account.guard.offset = -1
        account.guard.drifts = drifts(0, 1)
        let second = try require(AuthenticatorID(rawValue: 2), "an id")
        account.newestID = second
        account.others = [
            Factor(
                secret: secret(21, 20), parameters: .standard, enrolledAt: Clock.start, id: second)
        ]
        account.guard.others = [UsedSteps(lastStepBegan: Clock.after(60), offset: -50)]
        return account
    }

    /// The first is gone, and the history and an attempt tell of it.
    static func severalRemoved() throws -> Account {
        var account = try account("one of two")
        let second = try require(AuthenticatorID(rawValue: 2), "an id")
        account.factor = Factor(
            secret: secret(19, 20), parameters: .standard, enrolledAt: Clock.start, id: second)
        account.newestID = try require(AuthenticatorID(rawValue: 0xff), "an id")
        account.guard.lastStepBegan = Clock.after(30)
        account.guard.attempts = [
            RememberedAttempt(
                tag: AttemptTag(
                    attempt: [UInt8](repeating: 1, count: AttemptTag.bytes),
                    code: [UInt8](repeating: 101, count: AttemptTag.bytes)),
                decidedAt: Clock.start, result: .added(second))
        ]
        account.guard.history = History([
            HistoryEntry(at: Clock.after(60), .remove, .authenticatorRemoved, of: .first),
            HistoryEntry(at: Clock.start, .confirm, .authenticatorAdded, of: second),
        ])
        return account
    }
}
