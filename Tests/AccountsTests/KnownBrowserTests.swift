// The budgets of known browsers and of strangers: whom a wrong code is charged to, whom a wait or a
// lock refuses, and what a right code ends.

import OneTimeCodes
import Testing

@testable import Accounts

@Suite("A known browser") struct KnownBrowserTests {
    private static let desk = KnownBrowser.given(1)
    private static let known = Given.active.with { $0.guard.browsers = [desk, .given(2)] }
    private static let attacked = known.with { $0.guard.totp = .locked }

    private static func verify(
        _ code: SubmittedCode, from number: UInt8?, digest: UInt8? = nil,
        knownAs next: UInt8? = nil, readmits: Bool = false, attempt: AttemptTag? = nil
    ) -> Verify {
        var browser = AskedBrowser()
        browser.sent = number.map {
            BrowserProof(id: .given($0), digest: .browser(digest ?? $0))
        }
        browser.next = next.map { BrowserProof(id: .given($0), digest: .browser($0)) }
        browser.readmits = readmits
        return Verify(code: code, attempt: attempt, browser: browser)
    }

    private static func yes(_ isKnown: Bool = false, drift: Int8 = 0) -> Answer {
        var verified = Verified(.totp, backupCodesLeft: 10, drift: drift)
        verified.isBrowserKnown = isKnown
        return .accepted(.verified(verified))
    }

    private static func used(_ account: Account) -> Account {
        account.used(upTo: Given.began, drift: 0)
    }

    private static func failed(_ account: Account, _ failures: UInt8, _ wait: Int64) -> Account {
        account.with {
            $0.guard.browsers[0].failures = failures
            $0.guard.browsers[0].waitsUntil = Given.now + .seconds(wait)
            $0.guard.wrongCodes = 1
        }
    }

    private static func before(_ failures: UInt8) -> Account {
        known.with { $0.guard.browsers[0].failures = failures }
    }

    private static let wrong = SubmittedCode.totp(Given.wrongCode())
    private static let waiting = known.with {
        $0.guard.browsers[0].failures = 5
        $0.guard.browsers[0].waitsUntil = Given.now + .seconds(10)
    }

    static let refusals: [Row] = [
        Row(
            "waits for its own failures", waiting, verify(Given.totp(), from: 1),
            .no(.throttled, retryAfter: 10, spent: .browser)),
        Row(
            "waits with backup codes too, which are not even hashed", waiting,
            verify(Given.backup, from: 1), .no(.throttled, retryAfter: 10, spent: .browser)),
        Row(
            "is charged for a wrong code, and strangers are not", before(0),
            verify(wrong, from: 1), .no(.wrongCode), after: failed(known, 1, 0)),
        Row(
            "waits from the fifth on", before(4), verify(wrong, from: 1),
            .no(.wrongCode, retryAfter: 30), after: failed(known, 5, 30)),
        Row(
            "waits an hour at most", before(18), verify(wrong, from: 1),
            .no(.wrongCode, retryAfter: 3_600), after: failed(known, 19, 3_600)),
        Row(
            "ends with the twentieth", before(19), verify(wrong, from: 1), .no(.wrongCode),
            after: known.with {
                $0.guard.browsers.removeFirst()
                $0.guard.wrongCodes = 1
            }),
        Row(
            "is not charged for a used code", used(known), verify(Given.totp(), from: 1),
            .no(.replayed, retryAfter: 20)),
        Row(
            "is charged for a wrong backup code", before(0), verify(Given.backup, from: 1),
            with: Given.wrong, .no(.wrongCode), after: failed(known, 1, 0)),
    ]

    static let strangers: [Row] = [
        Row("nobody's token", attacked, verify(Given.totp(), from: 3), .no(.locked)),
        Row("another secret", attacked, verify(Given.totp(), from: 1, digest: 2), .no(.locked)),
        Row("no token", attacked, verify(Given.totp(), from: nil), .no(.locked)),
        Row(
            "a token of half a year ago",
            attacked.with {
                for index in $0.guard.browsers.indices {
                    $0.guard.browsers[index].createdAt = Given.now - .days(180)
                }
            }, verify(Given.totp(), from: 1), .no(.locked)),
        Row(
            "a token from before the store was put back",
            attacked.with { $0.usedBefore = UsedBefore(restoredAt: Given.now) },
            verify(Given.totp(3), from: 1), .no(.locked)),
        Row(
            "their wrong codes are not charged to a known browser", known,
            verify(wrong, from: nil), .no(.wrongCode),
            after: known.with {
                $0.guard.totp = .one
                $0.guard.wrongCodes = 1
            }),
        Row(
            "their right code ends their failures in a row, and is known from then on",
            known.with { $0.guard.totp = Throttle(failures: 4) },
            verify(Given.totp(), from: nil, knownAs: 3), yes(true),
            after: used(known).with { $0.guard.browsers.append(.given(3)) }),
    ]

    static let successes: [Row] = [
        Row(
            "is let in while strangers are locked, and leaves their lock", attacked,
            verify(Given.totp(), from: 1), yes(), after: used(attacked)),
        Row(
            "keeps its failures with a right code", before(3), verify(Given.totp(), from: 1),
            yes(), after: used(before(3))),
        Row(
            "gets another token in its place, without failures", before(19),
            verify(Given.totp(), from: 1, knownAs: 9), yes(true),
            after: used(known).with { $0.guard.browsers = [.given(2), .given(9)] }),
        Row(
            "readmits strangers", attacked, verify(Given.totp(), from: 1, readmits: true), yes(),
            after: used(known).with {
                $0.guard.totp = Throttle()
                $0.guard.history.note(.unlocked, by: .verify, at: Given.now)
            }),
        Row(
            "takes three steps, while strangers have one",
            known.with {
                for _ in 0..<4 { $0.guard.drifts.note(0) }
                $0.guard.totp.longCount.emptyAt = Given.now + .days(20)
            }, verify(Given.totp(1), from: 1), yes(drift: 1),
            after: known.with {
                for _ in 0..<4 { $0.guard.drifts.note(0) }
                $0.guard.drifts.note(1)
                $0.guard.totp.longCount.emptyAt = Given.now + .days(20)
                $0.guard.lastStepBegan = Given.began + .seconds(30)
            }),
    ]

    @Test("has its own budget", arguments: refusals) func budget(_ row: Row) { row.check() }
    @Test("is told from strangers", arguments: strangers) func stranger(_ row: Row) { row.check() }
    @Test("gets in", arguments: successes) func success(_ row: Row) { row.check() }

    @Test("is one of eight: the ninth takes the oldest's place")
    func cap() {
        var account = Given.active
        for number in 1...9 as ClosedRange<UInt8> {
            let now = Given.now + .seconds(30 * Int64(number))
            let verify = Self.verify(Given.totp(at: now), from: nil, knownAs: number)
            account = verify.decide(account, at: now, with: .nothing).account
        }
        #expect(account.guard.browsers.map(\.id) == (2...9).map { .given($0) })
    }

    @Test("makes the strangers' full long count a bucket: one code for each that drains")
    func drip() {
        let full = Self.known.with { $0.guard.totp.longCount.emptyAt = Given.now + .days(30) }
        let stranger = Self.verify(Given.totp(), from: nil)
        let refused = stranger.decide(full, at: Given.now, with: .nothing)
        #expect(refused.answer == .no(.throttled, retryAfter: 25_920))
        let status = AccountStatus(full, at: Given.now, under: .standard)
        #expect(status.retryAfter == .seconds(25_920) && status.triesLeft == nil)
        let then = Given.now + .seconds(25_920)
        let wrong = Self.verify(.totp(Given.wrongCode(at: then)), from: nil)
        let charged = wrong.decide(full, at: then, with: .nothing)
        #expect(charged.answer == .no(.wrongCode, retryAfter: 25_920))
        // A known browser does not meet it, and somebody without one waits an hour as before.
        #expect(
            Self.verify(Given.totp(), from: 1).decide(full, at: Given.now, with: .nothing)
                .answer.isYes)
        let nobodyKnown = full.with { $0.guard.browsers = [] }
        #expect(stranger.decide(nobodyKnown, at: Given.now, with: .nothing).answer.isYes)
    }

    @Test("ends with the factor, with `forget` of all, and its failures with `unlock`")
    func end() {
        let code = Given.totp()
        #expect(
            Disable(code: code).decide(Self.known, at: Given.now, with: .nothing).account.guard
                .browsers.isEmpty)
        #expect(
            Forget(.all).decide(Self.known, at: Given.now, with: .nothing).account.guard
                .browsers.isEmpty)
        let unlocked = Unlock().decide(Self.waiting, at: Given.now, with: .nothing).account
        #expect(unlocked.guard.browsers == Self.known.guard.browsers)
    }

    @Test("has its lost token given again once, and the lost one is void")
    func lostAnswer() {
        let tag = AttemptTag(
            attempt: [UInt8](repeating: 1, count: 16), code: [UInt8](repeating: 2, count: 16))
        var account = Self.known
        var tokens: [Bool] = []
        for next in [5, 6, 7] as [UInt8] {
            let verify = Self.verify(Given.totp(), from: 1, knownAs: next, attempt: tag)
            let outcome = verify.decide(account, at: Given.now, with: .nothing)
            account = outcome.account
            guard case .accepted(.verified(let verified)) = outcome.answer else { continue }
            tokens.append(verified.isBrowserKnown)
        }
        #expect(tokens == [true, true, false])
        #expect(account.guard.browsers.map(\.id) == [.given(2), .given(6)])
    }

    @Test("waits no longer than its wait after the clock was set back")
    func clock() {
        let ahead = Self.waiting.with {
            $0.guard.browsers[0].createdAt = Given.now + .days(400)
            $0.guard.browsers[0].waitsUntil = Given.now + .days(400)
        }
        let outcome = Self.verify(Given.totp(), from: 1).decide(
            ahead, at: Given.now, with: .nothing)
        #expect(outcome.answer == .no(.throttled, retryAfter: 30, spent: .browser))
        #expect(outcome.account.guard.browsers[0].createdAt == Given.now)
        let end = Given.now + .seconds(30)
        let right = Self.verify(Given.totp(at: end), from: 1).decide(
            outcome.account, at: end, with: .nothing)
        #expect(right.answer.isYes)
    }

    @Test("a stolen token is worth twenty wrong codes, however often its owner logs in")
    func stolen() {
        var account = Self.known
        var compared = 0
        for turn in 0..<400 {
            let now = Given.now + .hours(Int64(turn))
            let guess = Self.verify(.totp(Given.wrongCode(at: now)), from: 1).decide(
                account, at: now, with: .nothing)
            if account.guard.browsers.contains(where: { $0.id == .given(1) }),
                guess.answer.error == .wrongCode
            {
                compared += 1
            }
            account = guess.account
            let login = Self.verify(Given.totp(at: now), from: 2)
            account = login.decide(account, at: now, with: .nothing).account
        }
        #expect(compared == 20)
    }
}

extension KnownBrowser {
    /// Number `n`, made at `Given.now`.
    static func given(_ number: UInt8) -> KnownBrowser {
        KnownBrowser(id: .given(number), digest: .browser(number), createdAt: Given.now)
    }
}

extension BrowserID {
    static func given(_ number: UInt8) -> BrowserID { BrowserID(rawValue: UInt64(number)) }
}

extension [UInt8] {
    static func browser(_ number: UInt8) -> [UInt8] { Array(repeating: number, count: 16) }
}
