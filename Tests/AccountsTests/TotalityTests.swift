// Whatever an app asks, of whatever account, from whatever source and at whatever moment, is
// answered: nothing that comes from a request, a record or the clock ends the process.

import OneTimeCodes
import Secrets
import SeededRandom
import Testing

@testable import Accounts

@Suite struct TotalityTests {
    @Test("every operation is decided, beside any memory, bucket and clock")
    func operations() {
        var cases = RandomCases(SeededGenerator.announced())
        var answers: [String: Int] = [:]
        for _ in 0..<20_000 {
            let source = cases.source()
            let account = cases.account()
            let (outcome, after) = source.decide(
                cases.operation(), account, at: cases.now, under: cases.policy,
                with: cases.prepared())
            #expect(after.bucket.entries.count <= LimitBucket.capacity)
            let wait = source.wait(at: cases.now, under: cases.policy)
            if outcome.answer.error == .wrongCode && outcome.isEvent {
                #expect(wait == nil, "a failure that no source was charged for")
                #expect(after.bucket != source.bucket)
            }
            #expect(outcome.account.guard.attempts.count <= 255)
            answers[outcome.answer.error?.rawValue ?? "other", default: 0] += 1
        }
        for expected in ["other", "wrong_code", "throttled", "locked", "not_enrolled"] {
            #expect(answers[expected, default: 0] > 50, "\(answers)")
        }
    }

    @Test("a limit is decided, whatever its bucket holds")
    func limits() {
        var cases = RandomCases(SeededGenerator.announced())
        for _ in 0..<20_000 {
            let bucket = cases.bucket()
            let outcome = cases.limit().decide(
                bucket, RandomCases.tag, at: cases.now, under: cases.policy)
            #expect(outcome.bucket.entries.count <= LimitBucket.capacity)
            if case .failure(let refusal) = outcome.answer {
                #expect(refusal.retryAfter.map { .zero < $0 } ?? true)
            }
        }
    }

    @Test("an enrolment that was given up is not charged to a source without room for it")
    func givenUp() {
        let tag = AttemptTag(
            attempt: [UInt8](repeating: 1, count: 16), code: [UInt8](repeating: 2, count: 16))
        let enroll = Enroll(
            secret: Given.newSecret, parameters: .standard, code: Given.totp(), attempt: tag)
        let begun = enroll.decide(Given.active, at: Given.now, with: .nothing).account
        let dropped = Cancel().decide(begun, at: Given.now, with: .nothing).account
        let full = SourceLimit(
            tag: 1, bucket: .spent(until: Given.now + .minutes(10), since: Given.now))
        for seconds in [0, 30, 34, 60, 89] as [Int64] {
            let now = Given.now + .seconds(seconds)
            let (outcome, after) = full.decide(
                enroll, dropped, at: now, under: .standard, with: .nothing)
            #expect([.replayed, .throttled].contains(outcome.answer.error))
            #expect(outcome.account.guard.totp == Throttle())
            #expect(after == full)
        }
    }
}

/// Requests and states, of which many are odd, and some could only be written by hand.
struct RandomCases {
    static let tag: UInt64 = 7
    private var random: SeededGenerator
    private(set) var now = Given.now
    let policy = AppPolicy.standard

    init(_ random: SeededGenerator) { self.random = random }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func one<Value>(of values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }

    /// Around now as a rule; else as far as a record may say.
    private mutating func moment() -> Instant {
        if chance(70) {
            let seconds = Int64.random(in: -7_200...7_200, using: &random)
            return Given.now + Duration(milliseconds: seconds * 997)
        }
        return one(of: [
            .distantPast, Given.now, Given.now + .days(365), Given.now + .days(-365),
            Instant.range.upperBound, Instant.range.lowerBound,
        ])
    }

    // MARK: What is there

    mutating func account() -> Account {
        now = moment()
        var account = one(of: [
            Given.unknown, Given.tooMany, Given.active, Given.imported, Given.pending,
            Given.replacing, Given.rescued,
        ])
        account.guard.totp = throttle()
        account.guard.backup = throttle()
        account.guard.deviceFailures.emptyAt = chance(50) ? .distantPast : moment()
        if chance(50) { account.guard.lastStepBegan = moment() }
        if chance(20) { account.guard.retiredStepBegan = moment() }
        if let pending = account.pending, chance(50) {
            account.pending = Pending(
                secret: pending.secret, parameters: pending.parameters, expiresAt: moment(),
                rescueConfirmations: one(of: [nil, 0, 1, 254]))
        }
        let count = one(of: [0, 0, 1, 16, 17, 255])
        account.guard.attempts = (0..<count).map { index in
            let tag = AttemptTag(
                attempt: [UInt8](repeating: UInt8(index), count: 16),
                code: [UInt8](repeating: chance(80) ? 1 : 2, count: 16))
            let decidedAt = chance(70) ? now : moment()
            return RememberedAttempt(tag: tag, decidedAt: decidedAt, result: result())
        }
        if chance(30) {
            account.devices = (0..<one(of: [1, 20, 255])).map { device($0) }
        }
        if chance(10) { account.usedBefore = UsedBefore(restoredAt: moment(), steps: moment()) }
        return account
    }

    private mutating func device(_ index: Int) -> Device {
        Device(
            id: DeviceID(rawValue: UInt64(index)), label: nil, createdAt: moment(),
            usedAt: moment(), current: [UInt8](repeating: 1, count: 32),
            previous: chance(50) ? [UInt8](repeating: 2, count: 32) : nil)
    }

    private mutating func result() -> RememberedAttempt.Result {
        one(of: [
            .verified(.totp, backupCodesLeft: 3),
            .verified(
                .totp, backupCodesLeft: 3, wrongCodes: 2, device: DeviceID(rawValue: 0),
                browser: BrowserID(rawValue: 0)), .gaveCodes, .enrolled,
            .done, .wrongCode, .void,
        ])
    }

    private mutating func throttle() -> Throttle {
        guard chance(50) else { return Throttle() }
        return Throttle(
            failures: one(of: [0, 1, 4, 5, 99, 100, .max]), until: moment(),
            isLocked: chance(10), emptyAt: moment())
    }

    mutating func bucket() -> LimitBucket {
        if chance(20) { return .spent(until: moment(), since: moment()) }
        let count = one(of: [0, 1, 31, 32])
        let entries = (0..<count).compactMap { index in
            let parts = one(of: [1, 50, 1_000_000, .max] as [UInt32])
            let state = LimitState(
                emptyAt: moment(), part: UInt32.random(in: 0..<parts, using: &random),
                parts: parts, spentAt: chance(50) ? moment() : nil)
            return state.map { LimitBucket.Entry(tag: UInt64(index), state: $0) }
        }
        return LimitBucket(entries) ?? LimitBucket()
    }

    mutating func source() -> SourceLimit { SourceLimit(tag: Self.tag, bucket: bucket()) }

    // MARK: What is asked

    mutating func operation() -> any Operation {
        let attempt = chance(60) ? attemptTag() : nil
        let code = submitted()
        let device = NewDevice(
            proof: DeviceProof(
                id: DeviceID(rawValue: 9), digest: [UInt8](repeating: 1, count: 32)),
            label: nil)
        let proof = DeviceProof(
            id: DeviceID(rawValue: UInt64.random(in: 0...2, using: &random)),
            digest: [UInt8](repeating: chance(50) ? 1 : 2, count: 32))
        let last = one(of: [nil, 0, .max, .min, now.seconds / 30])
        let operations: [any Operation] = [
            Verify(code: code, attempt: attempt, device: chance(50) ? device : nil),
            Enroll(
                secret: Given.newSecret, parameters: .standard, code: chance(80) ? code : nil,
                attempt: attempt),
            Confirm(code: totp(), attempt: attempt), Disable(code: code, attempt: attempt),
            RenewBackupCodes(code: code, attempt: attempt), Cancel(), Status(), Show(),
            Trusted(token: proof, next: [UInt8](repeating: 3, count: 32)), Forget(.all),
            Reset(), Unlock(), Abandon(), ReadHistory(),
            Import(
                secret: Given.newSecret, parameters: .standard, lastStep: last, replaces: true),
        ]
        return one(of: chance(50) ? Array(operations[..<5]) : operations)
    }

    private mutating func attemptTag() -> AttemptTag {
        AttemptTag(
            attempt: [UInt8](repeating: one(of: [0, 1, 16, 200]), count: 16),
            code: [UInt8](repeating: 1, count: 16))
    }

    private mutating func totp() -> TOTPCode {
        guard chance(50) else { return Given.wrongCode() }
        let offset = Int64.random(in: -1...1, using: &random)
        return Given.code(offset, of: one(of: [Given.secret, Given.newSecret]), at: now)
    }

    private mutating func submitted() -> SubmittedCode {
        chance(70) ? .totp(totp()) : Given.backup
    }

    mutating func prepared() -> Prepared {
        var prepared = one(of: [Prepared.nothing, Given.right, Given.wrong])
        if chance(50) { prepared.newBackupCodes = Given.newCodes }
        return prepared
    }

    mutating func limit() -> Limit {
        now = moment()
        let rule = LimitPolicy(
            max: one(of: [1, 5, 1_000_000]), per: .seconds(one(of: [1, 60, 2_592_000])))
        let cost = one(of: [1, 5, 1_000_000])
        return Limit(one(of: [.spend(cost), .peek(cost), .reset]), under: .given(rule))
    }
}
