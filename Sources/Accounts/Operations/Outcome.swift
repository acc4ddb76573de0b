// What a decision comes to: the account afterwards, the answer, and what to record. A decision has
// no other effect.

import OneTimeCodes

package struct Outcome: Equatable, Sendable {
    /// The state after the decision; equal to the state before when nothing changed.
    package var account: Account
    package var answer: Answer
    /// Written with the event when somebody should look.
    package var alert: Alert?
    /// False for what only looks, and for an answer given once more: neither is an event.
    package var isEvent: Bool

    init(_ account: Account, _ answer: Answer, alert: Alert? = nil, isEvent: Bool = true) {
        self.account = account
        self.answer = answer
        self.alert = alert
        self.isEvent = isEvent
    }

    static func accepted(_ acceptance: Acceptance, _ account: Account) -> Outcome {
        Outcome(account, .accepted(acceptance))
    }

    static func refused(
        _ name: ErrorName, _ account: Account, retryAfter: Duration? = nil, alert: Alert? = nil
    ) -> Outcome {
        Outcome(account, .refused(Refusal(name, retryAfter: retryAfter)), alert: alert)
    }

    static func needs(_ preparation: Preparation, _ account: Account) -> Outcome {
        Outcome(account, .needs(preparation), isEvent: false)
    }
}

package enum Answer: Equatable, Sendable {
    case accepted(Acceptance)
    case refused(Refusal)
    /// Nothing was decided and nothing may change: ask again with slow work done.
    case needs(Preparation)
}

package enum Acceptance: Equatable, Sendable {
    case enrolled(expiresIn: Duration)
    case verified(Verified)
    /// The token was replaced, unless it had been a moment ago.
    case trusted(TrustedDevice, isTokenReplaced: Bool)
    case status(AccountStatus)
    case shown(AccountDetails)
    case history(History)
    case limited(LimitStatus)
    /// Yes; and the clock is so far behind a used step that till then it is `clock_behind` to every
    /// code of a secret that was imported, or will be.
    case behind(Duration)
    case noted(Note.Stage)
    /// Of an import that was only tried.
    case wouldImport(ImportEffect)
    /// Nothing to say but yes; new backup codes, where there are any, are the caller's to show.
    case done
}

package struct Verified: Equatable, Sendable {
    package let method: CodeMethod
    package let backupCodesLeft: Int
    /// How many steps from the clock's the code's step was; nil for a backup code, and for an
    /// answer given once more.
    package var drift: Int8?
    package var device: TrustedDevice?

    package init(
        _ method: CodeMethod, backupCodesLeft: Int, drift: Int8? = nil,
        device: TrustedDevice? = nil
    ) {
        self.method = method
        self.backupCodesLeft = backupCodesLeft
        self.drift = drift
        self.device = device
    }
}

package enum CodeMethod: String, Equatable, Sendable {
    case totp
    case backup
}

package enum Alert: String, Equatable, Sendable {
    /// The account has just been locked.
    case locked
    /// The long count is full: someone has been guessing for weeks.
    case longCount = "long_count"
    /// Two browsers hold one device's series.
    case stolenDevice = "stolen_device"
    /// The host's clock was set, or the host was off for long; nothing is removed as old meanwhile.
    case clockJumped = "clock_jumped"
}

/// A no that is expected. It says what an honest person needs and nothing that narrows a search.
package struct Refusal: Error, Equatable, Sendable {
    package let name: ErrorName
    package let field: String?
    package let retryAfter: Duration?
    package let detail: String?
    /// With `throttled`, of a code.
    package let spent: Spent?

    /// Whose failures were too many.
    package enum Spent: String, Equatable, Sendable {
        case account
        case source
    }

    package init(
        _ name: ErrorName, field: String? = nil, retryAfter: Duration? = nil,
        detail: String? = nil, spent: Spent? = nil
    ) {
        self.name = name
        self.field = field
        self.retryAfter = retryAfter
        self.detail = detail
        self.spent = spent
    }
}

/// Slow work a decision needs before it can be made; it is done outside, and brought along.
package struct Preparation: Equatable, Sendable {
    /// The salt under which to hash the submitted backup code.
    package var salt: [UInt8]?
    package var newBackupCodes = false
    /// The salt under which to hash new backup codes, where they are to be compared with those that
    /// are there; nil for a fresh one.
    package var newCodesSalt: [UInt8]?
}

package struct Prepared: Sendable {
    package struct BackupCodeHash: Sendable {
        package let salt: [UInt8]
        package let hash: [UInt8]

        package init(salt: [UInt8], hash: [UInt8]) {
            self.salt = salt
            self.hash = hash
        }
    }

    package var submitted: BackupCodeHash?
    package var newBackupCodes: BackupCodeSet?

    package init(submitted: BackupCodeHash? = nil, newBackupCodes: BackupCodeSet? = nil) {
        self.submitted = submitted
        self.newBackupCodes = newBackupCodes
    }

    package static let nothing = Prepared()
}

/// One operation on one account: a pure function of the account, the moment, its app's policy
/// and prepared work. It may be called more than once for one request, so it has no effect.
package protocol Operation: Sendable {
    func decide(
        _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
    ) -> Outcome

    /// What the client calls this request, to ask again for an answer that was lost.
    var attempt: AttemptTag? { get }
}

extension Operation {
    package var attempt: AttemptTag? { nil }

    /// Whether the account remembers this request's answer, so that nothing is compared or charged.
    func isAnswered(in account: Account, at now: Instant) -> Bool {
        guard let attempt, let remembered = account.guard.remembered(attempt, at: now) else {
            return false
        }
        guard remembered.tag.code == attempt.code else { return true }
        switch remembered.result {
        case .verified, .remembered, .gaveCodes, .done, .wrongCode, .void: return true
        case .enrolled: return account.pending != nil
        case .answered: return false
        }
    }
}
