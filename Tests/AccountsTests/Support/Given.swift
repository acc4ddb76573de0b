// Small accounts with names, from which the tables are built. Nothing here may come from a clock or
// from chance.

import OneTimeCodes
import Secrets

@testable import Accounts

enum Given {
    /// Ten seconds into a step of 30 and of 60 seconds.
    static let now = Instant(seconds: 1_800_000_010)
    /// When the step of `now` began.
    static let began = Instant(seconds: 1_800_000_000)

    static let secret = SecretBytes([UInt8](1...20))
    static let newSecret = SecretBytes([UInt8](101...120))

    static let unknown = Account(accountName("ada"))
    static let tooMany = unknown.with { $0.isOneTooMany = true }
    static let active = unknown.with {
        $0.factor = Factor(
            secret: secret, parameters: .standard, enrolledAt: Instant(seconds: 1_700_000_000))
        $0.backupCodes = BackupCodeSet(salt: salt, hashes: hashes)
    }
    /// As an import leaves it: without backup codes.
    static let imported = active.with { $0.backupCodes = nil }
    static let pending = unknown.with { $0.pending = waiting(rescue: nil) }
    /// A new phone is being set up beside the old one.
    static let replacing = active.with { $0.pending = waiting(rescue: nil) }
    /// The same, begun with a backup code.
    static let rescued = active.with { $0.pending = waiting(rescue: 5) }

    static let salt = [UInt8](repeating: 7, count: 16)
    /// The salt that stands in where there are no codes.
    static let decoySalt = [UInt8](repeating: 0, count: 16)
    static let hashes = (1...10).map { [UInt8](repeating: UInt8($0), count: 16) }
    static let newCodes = BackupCodeSet(
        salt: [UInt8](repeating: 8, count: 16),
        hashes: (101...110).map { [UInt8](repeating: UInt8($0), count: 16) })

    static func waiting(rescue: Int?, at moment: Instant = now) -> Pending {
        Pending(
            secret: newSecret, parameters: .standard, expiresAt: moment + .seconds(600),
            rescueConfirmations: rescue)
    }

    /// The core never sees a backup code's letters, only that there is one, and its hash.
    static let backup = submitted("0123-4567-89abc")

    static func hashed(_ hash: [UInt8], salt: [UInt8] = Given.salt) -> Prepared {
        Prepared(submitted: Prepared.BackupCodeHash(salt: salt, hash: hash))
    }

    static let right = hashed(hashes[3])
    static let wrong = hashed([UInt8](repeating: 99, count: 16))
    static let renewed = Prepared(newBackupCodes: newCodes)

    /// The code of the step that is `offset` from the one at `moment`.
    static func code(
        _ offset: Int64 = 0, of secret: SecretBytes = Given.secret, at moment: Instant = Given.now,
        _ parameters: CodeParameters = .standard
    ) -> TOTPCode {
        let step = TOTP.step(at: moment.seconds, period: parameters.period)
        return TOTP.code(secret: secret, step: step + offset, parameters: parameters)
    }

    static func totp(
        _ offset: Int64 = 0, of secret: SecretBytes = Given.secret, at moment: Instant = Given.now
    ) -> SubmittedCode {
        .totp(code(offset, of: secret, at: moment))
    }

    /// A code of no step near `moment`, of either secret.
    static func wrongCode(at moment: Instant = Given.now, from first: UInt32 = 0) -> TOTPCode {
        let live = [secret, newSecret].flatMap { secret in
            (-3...3).map { code($0, of: secret, at: moment).value }
        }
        let value = (first..<1_000_000).first { !live.contains($0) }
        guard let value else { preconditionFailure("14 codes cannot fill a million") }
        return TOTPCode(value: value, digits: 6)
    }
}

/// What an app without a configuration gets: most tests are about that.
extension Operation {
    func decide(_ account: Account, at now: Instant, with prepared: Prepared) -> Outcome {
        decideAsOfNow(account, at: now, under: .standard, with: prepared)
    }
}

extension Throttle {
    mutating func charge(at now: Instant) { charge(at: now, under: .standard) }
    mutating func settle(at now: Instant) { settle(at: now, under: .standard) }
    static func wait(after failures: UInt32) -> Duration { wait(after: failures, under: .standard) }
}

func accountName(_ user: String, app: String = "default") -> AccountName {
    guard let app = AppName(app), let name = AccountName(app: app, user: user) else {
        preconditionFailure("a test's own name is well formed")
    }
    return name
}

func source(_ text: String) -> Source {
    guard let source = Source(text) else {
        preconditionFailure("a test's own source is none that begins as an address only")
    }
    return source
}

func submitted(_ text: String) -> SubmittedCode {
    guard let code = SubmittedCode(text) else {
        preconditionFailure("a test's own code is well formed")
    }
    return code
}

func codeParameters(_ algorithm: CodeAlgorithm, _ digits: Int, _ period: Int) -> CodeParameters {
    guard let made = CodeParameters(algorithm: algorithm, digits: digits, period: period) else {
        preconditionFailure("a test's own parameters are within the limits")
    }
    return made
}

extension Account {
    func with(_ change: (inout Account) -> Void) -> Account {
        var account = self
        change(&account)
        return account
    }

    /// - Parameter drift: nil where nobody says at which moment the step was accepted.
    func used(upTo began: Instant, drift: Int8? = nil) -> Account {
        with {
            $0.guard.lastStepBegan = began
            $0.guard.drifts = Drifts()
            if let drift { $0.guard.drifts.note(drift) }
        }
    }

    func noted(
        _ what: HistoryEntry.What, by operation: HistoryEntry.Operation, at now: Instant = Given.now
    ) -> Account {
        with { $0.guard.history.note(what, by: operation, at: now) }
    }

    /// The account with steps used by a factor that is gone.
    func retired(upTo began: Instant) -> Account {
        with { $0.guard.retiredStepBegan = began }
    }
}

extension Throttle {
    /// Written out by hand, so that nothing is compared with itself.
    init(
        failures: UInt32, until: Instant = .distantPast, isLocked: Bool = false,
        emptyAt: Instant = .distantPast
    ) {
        self.init()
        consecutiveFailures = failures
        waitsUntil = until
        self.isLocked = isLocked
        longCount.emptyAt = emptyAt
    }

    /// One failure at `Given.now` on an untouched budget: 1/100 of 30 days until it is forgotten.
    static let one = Throttle(
        failures: 1, until: Given.now, emptyAt: Given.now + .seconds(25_920))
    static let locked = Throttle(
        failures: 100, until: Given.now + .seconds(10), isLocked: true)
    static let waiting = Throttle(failures: 5, until: Given.now + .seconds(10))
}

extension BackupCodeSet {
    var hashes: [[UInt8]] {
        stride(from: 0, to: hashBytes.count, by: 16).map { Array(hashBytes[$0..<($0 + 16)]) }
    }

    /// As after the use of one code.
    mutating func remove(_ index: Int) {
        var rest = hashBytes
        rest.removeSubrange((16 * index)..<(16 * index + 16))
        self = BackupCodeSet(salt: salt, hashBytes: rest)
    }
}
