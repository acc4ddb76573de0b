// Accounts of every shape that the records know, each built by hand, so that its bytes are always
// the same. The fixtures hold them: a released shape is never changed.

import Accounts
import OneTimeCodes
import Secrets
import Store

package struct RecordShape: Sendable, CustomStringConvertible {
    package let account: Account
    package var description: String { account.name.user }

    package static func all() throws -> [RecordShape] {
        try ofVersion11() + [RecordShape(account: fallenBehind())]
    }

    private static func ofVersion11() throws -> [RecordShape] {
        try ofVersion10() + [
            RecordShape(account: several()), RecordShape(account: addingNamed()),
            RecordShape(account: severalRemoved()),
        ]
    }

    private static func ofVersion10() throws -> [RecordShape] {
        try ofVersion8() + [RecordShape(account: known())]
    }

    /// Those that an older version could say.
    package static func of(version: UInt8) throws -> [RecordShape] {
        switch version {
        case 1: return try ofVersion1()
        case 2, 3: return try ofVersion3()
        case 4: return try ofVersion4()
        case 5: return try ofVersion5()
        case 6: return try ofVersion6()
        case 7: return try ofVersion7()
        case 8: return try ofVersion8()
        case 9, 10: return try ofVersion10()
        case 11: return try ofVersion11()
        default: return try all()
        }
    }

    private static func ofVersion8() throws -> [RecordShape] {
        try ofVersion7() + [RecordShape(account: arrived())]
    }

    private static func ofVersion7() throws -> [RecordShape] {
        try ofVersion6() + [RecordShape(account: guessedAt())]
    }

    private static func ofVersion6() throws -> [RecordShape] {
        try ofVersion5() + [RecordShape(account: drifted())]
    }

    private static func ofVersion5() throws -> [RecordShape] {
        try ofVersion4() + [RecordShape(account: afterRestore())]
    }

    private static func ofVersion4() throws -> [RecordShape] {
        try ofVersion3() + [RecordShape(account: answered())]
    }

    /// Those that versions 2 and 3 could say.
    package static func ofVersion3() throws -> [RecordShape] {
        try ofVersion1() + [devices(), noted()].map { RecordShape(account: $0) }
    }

    /// Those that version 1 could say.
    package static func ofVersion1() throws -> [RecordShape] {
        try [active(), pending(), both(), locked(), remembering(), retired(), imported()]
            .map { RecordShape(account: $0) }
    }

    static func account(_ user: String, app: String = "shop") throws -> Account {
        let app = try require(AppName(app), "an app")
        return Account(try require(AccountName(app: app, user: user), "a name"))
    }

    static func secret(_ first: UInt8, _ count: Int) -> SecretBytes {
        SecretBytes((0..<count).map { first &+ UInt8($0) })
    }

    static func parameters(
        _ algorithm: CodeAlgorithm, _ digits: Int, _ period: Int
    ) throws -> CodeParameters {
        try require(
            CodeParameters(algorithm: algorithm, digits: digits, period: period), "parameters")
    }

    package static func backupCodes(_ count: Int) -> BackupCodeSet {
        BackupCodeSet(
            salt: [UInt8](repeating: 0x5a, count: PasswordHash.saltBytes),
            hashes: (0..<count).map { [UInt8](repeating: UInt8($0), count: PasswordHash.bytes) })
    }

    /// A factor and backup codes, one of them used.
    package static func active() throws -> Account {
        var account = try account("active")
        account.factor = Factor(
            secret: secret(1, 20), parameters: .standard, enrolledAt: Clock.start)
        account.backupCodes = backupCodes(Policy.backupCodes - 1)
        account.guard.lastStepBegan = Clock.after(30)
        return account
    }

    private static func pending() throws -> Account {
        var account = try account("pending", app: "desk")
        account.pending = Pending(
            secret: secret(2, 32), parameters: try parameters(.sha256, 7, 15),
            expiresAt: Clock.after(600), rescueConfirmations: nil)
        return account
    }

    private static func both() throws -> Account {
        var account = try account("active and pending")
        account.factor = Factor(
            secret: secret(3, 20), parameters: .standard, enrolledAt: Clock.start)
        account.pending = Pending(
            secret: secret(4, 64), parameters: try parameters(.sha512, 8, 60),
            expiresAt: Clock.after(600), rescueConfirmations: Policy.rescueConfirmations)
        account.backupCodes = backupCodes(0)
        account.guard.lastStepBegan = Clock.after(60)
        return account
    }

    /// Both budgets spent in different ways.
    private static func locked() throws -> Account {
        var account = try account("locked")
        account.factor = Factor(
            secret: secret(5, 20), parameters: .standard, enrolledAt: Clock.start)
        account.guard.totp.consecutiveFailures = Policy.consecutiveFailuresMax
        account.guard.totp.waitsUntil = Clock.after(3600)
        account.guard.totp.isLocked = true
        account.guard.totp.longCount.emptyAt = Clock.start + Policy.longCountPeriod
        account.guard.backup.consecutiveFailures = 6
        account.guard.backup.waitsUntil = Clock.after(60)
        account.guard.backup.longCount.emptyAt = Clock.start + Bucket.drop * 6
        return account
    }

    /// As many attempts as an account remembers, of every kind.
    private static func remembering() throws -> Account {
        var account = try account("remembering")
        account.factor = Factor(
            secret: secret(6, 20), parameters: .standard, enrolledAt: Clock.start)
        let results: [RememberedAttempt.Result] = [
            .wrongCode, .verified(.totp, backupCodesLeft: 10),
            .verified(.backup, backupCodesLeft: 0),
        ]
        account.guard.attempts = attempts(
            (0..<Policy.attemptsRemembered).map { results[$0 % results.count] })
        return account
    }

    /// With and without a label and a token before.
    package static func devices(_ count: UInt8 = 3) throws -> Account {
        var account = try account("devices")
        account.factor = Factor(
            secret: secret(8, 20), parameters: .standard, enrolledAt: Clock.start)
        account.devices = (0..<count).map { number in
            Device(
                id: DeviceID(rawValue: 0x0102_0304_0506_0700 + UInt64(number)),
                label: number % 2 == 0 ? nil : String(repeating: "é", count: 32),
                createdAt: Clock.after(Int64(number)), usedAt: Clock.after(Int64(number) + 60),
                current: [UInt8](repeating: number, count: DeviceProof.digestBytes),
                previous: number % 3 == 0
                    ? nil : [UInt8](repeating: number + 100, count: DeviceProof.digestBytes))
        }
        account.guard.drifts = drifts(-1)
        return account
    }

    /// A full history, each kind of attempt that version 1 did not know, and bad device tokens.
    private static func noted() throws -> Account {
        var account = try account("noted")
        account.factor = Factor(
            secret: secret(9, 20), parameters: .standard, enrolledAt: Clock.start)
        let device = DeviceID(rawValue: 0xfedc_ba98_7654_3210)
        let results: [RememberedAttempt.Result] = [
            .verified(.totp, backupCodesLeft: 10, device: device),
            .verified(.backup, backupCodesLeft: 3, device: device), .gaveCodes, .enrolled, .done,
            .void,
        ]
        account.guard.attempts = attempts(results)
        account.guard.drifts = drifts(1)
        account.guard.deviceFailures.emptyAt = Clock.after(600)
        let kinds = HistoryEntry.What.allCases.prefix(History.entriesMax)
        account.guard.history = History(
            zip(kinds, HistoryEntry.Operation.allCases).enumerated().map { index, pair in
                HistoryEntry(at: Clock.after(-Int64(index)), pair.1, pair.0)
            })
        return account
    }

    /// The kind of attempt that version 3 did not know.
    private static func answered() throws -> Account {
        var account = try account("answered")
        account.factor = Factor(
            secret: secret(10, 20), parameters: .standard, enrolledAt: Clock.start)
        account.guard.attempts = [
            RememberedAttempt(
                tag: AttemptTag(
                    attempt: [UInt8](repeating: 1, count: AttemptTag.bytes),
                    code: [UInt8](repeating: 101, count: AttemptTag.bytes)),
                decidedAt: Clock.start, result: .answered)
        ]
        return account
    }

    /// Secrets that totpd made after it was put back to an older state.
    private static func afterRestore() throws -> Account {
        var account = try account("made after a restore")
        account.factor = Factor(
            secret: secret(11, 20), parameters: .standard, enrolledAt: Clock.start,
            madeAfter: Clock.after(-60))
        account.pending = Pending(
            secret: secret(12, 20), parameters: .standard, expiresAt: Clock.after(600),
            rescueConfirmations: nil, madeAfter: Clock.after(-30))
        return account
    }

    /// A guard and no factor: what is left after `disable` and `reset`.
    private static func retired() throws -> Account {
        var account = try account("retired")
        account.guard.lastStepBegan = Clock.after(90)
        return account
    }

    /// Attempts that ended so, one a second.
    static func attempts(_ results: [RememberedAttempt.Result]) -> [RememberedAttempt] {
        results.enumerated().map { index, result in
            RememberedAttempt(
                tag: AttemptTag(
                    attempt: [UInt8](repeating: UInt8(index), count: AttemptTag.bytes),
                    code: [UInt8](repeating: UInt8(index + 100), count: AttemptTag.bytes)),
                decidedAt: Clock.after(Int64(index)), result: result)
        }
    }

    /// The longest name there may be, beyond ASCII, and the longest secret an import may bring.
    private static func imported() throws -> Account {
        let user = String(repeating: "é", count: Policy.userBytesMax / 2)
        let app = String(repeating: "a", count: Policy.appBytesMax)
        var account = try account(user, app: app)
        account.factor = Factor(
            secret: secret(7, Policy.importedSecretBytesMax),
            parameters: try parameters(.sha1, 8, 60), enrolledAt: Instant(milliseconds: 1))
        return account
    }
}

/// Makes an account what it should be, whatever it was.
package struct Become: Accounts.Operation {
    package let account: Account

    package init(account: Account) { self.account = account }

    package func decide(
        _ before: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome {
        Outcome(account, .accepted(.done), alert: account.guard.totp.isLocked ? .locked : nil)
    }

    /// The request that puts a shape into a store.
    package var request: Request {
        Request(name: account.name, op: "import", operation: self, now: Clock.start)
    }
}
