// Somebody who has a victim's password and guesses codes as soon as each guess is allowed, beside a
// victim who logs in at regular times and never mistypes.

import OneTimeCodes
import Secrets

@testable import Accounts

struct Guesser {
    /// When, in seconds from the beginning, each guess was compared.
    private(set) var comparisons: [Int64] = []
    /// That all guesses of a day are wrong.
    private(set) var allWrong: [Int64: Double] = [:]
    /// When the account was locked.
    private(set) var lockedAt: Int64?
    /// Whether a login of the victim was refused.
    private(set) var isHeldUp = false
    /// The longest a victim was kept waiting.
    private(set) var longestWait: Int64 = 0

    private var account = Given.active
    private let readmits: Bool
    private static let start = Instant(seconds: 1_800_000_000)

    /// - Parameters:
    ///   - interval: seconds between two logins of the victim, the first after half of it; nil for
    ///     a victim who never logs in.
    ///   - accepted: codes of the victim's that were accepted before.
    ///   - isKnown: whether the victim logs in from a known browser, and then is not held up.
    ///   - readmits: whether such a login ends the strangers' lock, once there is one.
    init(
        seconds: Int64, victimEvery interval: Int64?, acceptedBefore accepted: Int = 4,
        isKnown: Bool = false, readmits: Bool = false, authenticators: Int = 1
    ) {
        if isKnown { account.guard.browsers = [.given(0)] }
        for number in 1..<authenticators {
            let secret = SecretBytes([UInt8](repeating: 0x55, count: 19) + [UInt8(number)])
            _ = account.add(
                secret, .standard, at: Self.start, name: nil, used: UsedSteps())
        }
        self.readmits = readmits
        for _ in 0..<accepted { account.guard.drifts.note(0) }
        var clock: Int64 = 0
        var login = interval.map { $0 / 2 }
        while clock < seconds {
            // The victim is always the quicker, which is the better for the guesser.
            while let due = login, due <= clock {
                // With a known browser there is nothing to wait for.
                let moment = isKnown ? due : clock
                guard logIn(at: moment) else {
                    isHeldUp = true
                    break
                }
                longestWait = max(longestWait, moment - due)
                login = interval.map { due + $0 }
            }
            if lockedAt != nil {
                guard readmits, let due = login else { return }
                clock = max(clock, due)
                continue
            }
            // Free guesses take no time at all.
            clock += guess(at: clock)
        }
    }

    /// A code that no authenticator takes.
    private func wrongCode(at now: Instant) -> TOTPCode {
        for value in 0..<100 as Range<UInt32> {
            let code = TOTPCode(value: value, digits: 6)
            let isLive = account.authenticators.contains {
                Account.match(code, $0.secret, $0.parameters, at: now) != nil
            }
            if !isLive { return code }
        }
        preconditionFailure("24 codes cannot fill a hundred")
    }

    private mutating func logIn(at clock: Int64) -> Bool {
        let now = Self.start + .seconds(clock)
        var browser = AskedBrowser()
        if !account.guard.browsers.isEmpty {
            // Each login brings another token, of which no more than half a year is needed.
            browser.sent = BrowserProof(id: .given(0), digest: .browser(0))
            browser.next = browser.sent
            browser.readmits = readmits && lockedAt != nil
        }
        let verify = Verify(code: Given.totp(at: now), browser: browser)
        let outcome = verify.decide(account, at: now, with: .nothing)
        account = outcome.account
        if !account.guard.totp.isLocked { lockedAt = nil }
        return outcome.answer.isYes
    }

    /// Makes one guess, and says how many seconds until the next is worth making.
    private mutating func guess(at clock: Int64) -> Int64 {
        let now = Self.start + .seconds(clock)
        let isWrong = account.authenticators.indices.reduce(1.0) { isWrong, place in
            let only = account.onlyDrift(at: now, under: .standard, place: place)
            return isWrong * (1 - (only == nil ? 3 : 1) / 1e6)
        }
        let outcome = Verify(code: .totp(wrongCode(at: now))).decide(
            account, at: now, with: .nothing)
        account = outcome.account
        guard case .refused(let refusal) = outcome.answer else {
            preconditionFailure("a wrong code was accepted")
        }
        if refusal.name == .wrongCode {
            comparisons.append(clock)
            allWrong[clock / 86_400, default: 1] *= isWrong
        }
        if outcome.alert == .locked { lockedAt = clock }
        return refusal.retryAfter?.secondsRoundedUp ?? 0
    }
}
