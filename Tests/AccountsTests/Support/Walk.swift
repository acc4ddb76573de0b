// A random life of one account: codes right, wrong and used, at every door, with phones changed,
// resets, imports of old secrets, and a clock that may be set back.

import OneTimeCodes
import Secrets
import SeededRandom
import Testing

@testable import Accounts

struct Walk {
    enum Clock: Sendable {
        case steady
        /// By minutes and hours, now and then.
        case setBack
        /// By leap seconds, hours and years, both ways, in the middle of whatever waits.
        case wild
    }

    struct Style: Sendable {
        let name: String
        /// Of a hundred codes, how many are plainly wrong.
        let wrong: Int
        let pauseMax: Int64
        let clock: Clock
        var adminActs = true

        var clockGoesBack: Bool { clock != .steady }
    }

    /// How often each answer was given.
    private(set) var answers: [String: Int] = [:]
    var model = WalkModel()
    var generator: SeededGenerator
    let style: Style
    var account = Given.unknown
    var now = Given.now
    /// The periods of all secrets there ever were; a secret's bytes are its number.
    var secrets: [CodeParameters] = []
    var factor: Int?
    var pending: Int?
    var codesMade: UInt32 = 0
    var codes: [[UInt8]] = []
    var usedCodes: [TOTPCode] = []
    var newestBegan = Instant.distantPast
    /// When the daemon has said that it will compare again.
    var promised = Instant.distantPast
    /// The drift of the one step that was accepted just now; nil for three.
    var only: Int8?
    /// Before the newest operation.
    var usedBefore = Instant.distantPast
    var context = ""
    var lastStepWasImported = false

    init(_ style: Style, _ generator: SeededGenerator) {
        self.style = style
        self.generator = generator
    }

    mutating func run(_ operations: Int) {
        for number in 0..<operations {
            context = "\(style.name), operation \(number)"
            moveClock()
            model.settle(at: now)
            act()
        }
    }

    mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &generator) < percent
    }

    mutating func moveClock() {
        let pause = Int64.random(in: 0...style.pauseMax * 1_000, using: &generator)
        now = now + Duration(milliseconds: pause)
        guard style.clockGoesBack && chance(4) else { return }
        promised = .distantPast + .days(1_000_000)
        guard style.clock == .wild, let step = Self.jumps.randomElement(using: &generator) else {
            now = now + .seconds(-Int64.random(in: 1...7_200, using: &generator))
            return
        }
        // No further than two years from where the walk began: the years it steps are the others'.
        let isFar = Given.now + .days(730) < now + .seconds(step)
        now = now + .seconds(isFar ? -step : step)
    }

    private static let year: Int64 = 31_536_000
    private static let jumps = [-1, 1, -1, 1, -60, 60, -3_600, 3_600, -year, year, year - 7]

    mutating func act() {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<48: verify()
        case 48..<56: enroll()
        case 56..<70: confirm()
        case 70..<76: renew()
        case 76..<80: disable()
        case 80..<90: verifyBackup()
        case 90..<92: cancel()
        case 92..<94 where style.adminActs: reset()
        case 94..<97 where style.adminActs: importSecret(replaces: chance(70))
        case 97..<98 where style.adminActs: unlock()
        default: importSecret(replaces: false)
        }
    }

    // MARK: Secrets and codes

    func secret(_ number: Int) -> SecretBytes {
        SecretBytes(
            [UInt8](repeating: 0x40, count: 18) + [UInt8(number >> 8), UInt8(number & 255)])
    }

    mutating func newSecret() -> Int {
        let period = [15, 30, 30, 60].randomElement(using: &generator) ?? 30
        secrets.append(codeParameters(.sha1, 6, period))
        return secrets.count - 1
    }

    mutating func code(of number: Int?) -> TOTPCode {
        if let number, !chance(style.wrong) {
            if !usedCodes.isEmpty && chance(25) {
                return usedCodes.suffix(5).randomElement(using: &generator) ?? usedCodes[0]
            }
            let offset =
                chance(90)
                ? Int64.random(in: -1...1, using: &generator)
                : Int64.random(in: -3...3, using: &generator)
            return Given.code(offset, of: secret(number), at: now, secrets[number])
        }
        return TOTPCode(value: UInt32.random(in: 0..<1_000_000, using: &generator), digits: 6)
    }

    /// The newest step around now that has this code, one by one.
    func step(of code: TOTPCode, _ number: Int) -> Int64? {
        let parameters = secrets[number]
        let current = TOTP.step(at: now.seconds, period: parameters.period)
        return [current + 1, current, current - 1].first {
            TOTP.code(secret: secret(number), step: $0, parameters: parameters) == code
        }
    }

    // MARK: Deciding and judging

    mutating func decide(
        _ operation: any Operation, _ prepared: Prepared = .nothing
    ) -> Outcome {
        var settled = account
        settled.settle(at: now, under: .standard)
        only = settled.onlyDrift(at: now, under: .standard)
        usedBefore = settled.guard.lastStepBegan
        let outcome = operation.decide(account, at: now, with: prepared)
        account = outcome.account
        let name = outcome.answer.error?.rawValue ?? (outcome.answer.isYes ? "yes" : "needs")
        answers[name, default: 0] += 1
        return outcome
    }

    /// Whether a fresh step is later than the one that was accepted.
    func isToCome(_ step: Int64, _ number: Int) -> Bool {
        let period = secrets[number].period
        guard let only, Instant(seconds: step * Int64(period)) > usedBefore else { return false }
        return step - TOTP.step(at: now.seconds, period: period) > only
    }

    /// The step that a code is right for, and that is not a wrong code for being still to come.
    private func countedStep(of code: TOTPCode, _ number: Int, takesThree: Bool) -> Int64? {
        guard let step = step(of: code, number) else { return nil }
        return takesThree || !isToCome(step, number) ? step : nil
    }

    /// Holds an answer about a TOTP code against the model; true when it was accepted.
    ///
    /// - Parameter takesThree: whatever the long count is.
    mutating func judge(
        _ outcome: Outcome, _ code: TOTPCode, of number: Int?, takesThree: Bool = false,
        isRescue: Bool = false
    ) -> Bool {
        guard let number else {
            #expect(!outcome.answer.isYes, "a code without a factor: \(context)")
            return false
        }
        let found = countedStep(of: code, number, takesThree: takesThree)
        let error = outcome.answer.error
        guard error != .clockBehind else {
            expectClockBehind()
            return false
        }
        if error == .throttled, case .refused(let refusal) = outcome.answer {
            // However the clock was moved meanwhile.
            let wait = refusal.retryAfter ?? .days(1_000_000)
            #expect(.zero < wait && wait <= Policy.waitMax, "\(context)")
        }
        if error == nil || error == .wrongCode || error == .replayed {
            if !isRescue { model.expectAllowed(at: now, context) }
        } else {
            expectNoBrokenPromise(error)
        }
        #expect((error == .wrongCode) == (found == nil) || error == .throttled || error == .locked)
        if case .refused(let refusal) = outcome.answer, let wait = refusal.retryAfter,
            error != .replayed
        {
            promised = now + wait
        } else if isRescue, error == .wrongCode {
            // It waits for nothing itself, and lengthens the wait of all the others.
            promised = now + Policy.waitMax
        }
        if error == .wrongCode {
            if !isRescue { model.compare(at: now, clockRuns: !style.clockGoesBack, context) }
            model.fail(at: now)
        }
        if error == .replayed { newestBegan = max(newestBegan, account.guard.lastStepBegan) }
        guard outcome.answer.isYes, let found else {
            #expect(!outcome.answer.isYes, "no such code: \(context)")
            return false
        }
        model.accept(WalkModel.Use(secret: number, step: found), context)
        newestBegan = max(
            newestBegan, Instant(seconds: found * Int64(secrets[number].period)))
        usedCodes.append(code)
        model.forgive()
        promised = .distantPast
        return true
    }

    private func expectClockBehind() {
        #expect(style.clockGoesBack, "the clock never went back: \(context)")
        #expect(account.guard.lastStepBegan > now + .seconds(60), "\(context)")
    }

    func expectNoBrokenPromise(_ error: ErrorName?) {
        guard error == .throttled else { return }
        #expect(now < promised, "throttled when the wait was over: \(context)")
    }
}
