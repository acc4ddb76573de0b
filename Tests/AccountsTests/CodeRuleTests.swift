// Rules learnt from others' faults, at the level of decisions: a code counts once, in one form, in
// its window, and not after a newer one.

import OneTimeCodes
import Secrets
import SeededRandom
import Testing

@testable import Accounts

@Suite struct CodeRuleTests {
    private func verify(
        _ code: SubmittedCode, _ account: inout Account, at now: Instant = Given.now
    ) -> Answer {
        let outcome = Verify(code: code).decide(account, at: now, with: .nothing)
        account = outcome.account
        return outcome.answer
    }

    @Test("T-R1: no form of a used code is good once more (CVE-2025-6014)")
    func oneForm() throws {
        let text = Given.code().text
        let middle = text.index(text.startIndex, offsetBy: 3)
        let split = text[..<middle] + " " + text[middle...]
        for form in [text, " \(text)", "\(text) ", "\(split)", "-\(text)-", "  \(split)  "] {
            var account = Given.active
            #expect(verify(submitted(text), &account).isYes)
            let before = account
            #expect(verify(try #require(SubmittedCode(form)), &account).error == .replayed)
            #expect(account == before)
        }
        let wide = String(
            String.UnicodeScalarView(
                text.unicodeScalars.compactMap {
                    Unicode.Scalar($0.value + 0xff10 - 0x30)
                }))
        let arabic = String(
            String.UnicodeScalarView(
                text.unicodeScalars.compactMap {
                    Unicode.Scalar($0.value + 0x660 - 0x30)
                }))
        for form in ["\t\(text)", "\(text)\u{A0}", "\(text)\n", wide, arabic] {
            #expect(SubmittedCode(form) == nil, "\(form)")
        }
    }

    @Test("T-L1: all forms of a wrong code count in one budget (CVE-2025-6015)")
    func oneBudget() throws {
        let text = Given.wrongCode().text
        var account = Given.active
        let forms = [text, " \(text)", "\(text) ", "-\(text)", "\(text)--"]
        for (index, form) in forms.enumerated() {
            #expect(verify(try #require(SubmittedCode(form)), &account).error == .wrongCode)
            #expect(account.guard.totp.consecutiveFailures == UInt32(index + 1))
        }
        #expect(verify(submitted(" \(text) "), &account).error == .throttled)
    }

    @Test("T-R2: a code is good once")
    func once() {
        var account = Given.active
        #expect(verify(Given.totp(), &account).isYes)
        for seconds in 0..<60 as Range<Int64> {
            let now = Given.now + .seconds(seconds)
            let answer = verify(Given.totp(), &account, at: now)
            // Its step is in the window until 50 s from now.
            #expect(answer.error == (seconds < 50 ? .replayed : .wrongCode), "\(seconds)")
            if seconds >= 50 { account.guard.totp = Throttle() }
        }
    }

    @Test("T-R3: after a step, no older one", arguments: [15, 30, 60])
    func monotonic(_ period: Int) {
        let parameters = codeParameters(.sha256, 8, period)
        let base = Given.active.with {
            $0.factor = Factor(
                secret: Given.secret, parameters: parameters, enrolledAt: Given.began)
        }
        for first in -1...1 as ClosedRange<Int64> {
            for second in -1...1 as ClosedRange<Int64> {
                var account = base
                let codes = [first, second].map {
                    SubmittedCode.totp(Given.code($0, at: Given.now, parameters))
                }
                #expect(verify(codes[0], &account).isYes)
                let answer = verify(codes[1], &account)
                #expect(answer.isYes == (second > first), "\(first), then \(second)")
                if second <= first { #expect(answer.error == .replayed) }
                // A, B, A.
                #expect(verify(codes[0], &account).error == .replayed)
            }
        }
    }

    @Test("T-R4: a slow phone's codes are never followed back behind a used step")
    func drift() {
        var account = Given.active
        var newest: Int64?
        for seconds in stride(from: 0, to: 600, by: 5) as StrideTo<Int64> {
            let now = Given.now + .seconds(seconds)
            for offset in [1, 0, -1] as [Int64] {
                let step = TOTP.step(at: now.seconds, period: 30) + offset
                let isYes = verify(Given.totp(offset, at: now), &account, at: now).isYes
                #expect(isYes == (step > newest ?? .min))
                if isYes { newest = step }
            }
        }
    }

    @Test("T-R5: the window's edges, to the millisecond", arguments: [15, 30, 60])
    func edges(_ period: Int) {
        let parameters = codeParameters(.sha1, 6, period)
        let step = Given.now.seconds / Int64(period)
        let began = Instant(seconds: step * Int64(period))
        let code = TOTP.code(secret: Given.secret, step: step, parameters: parameters)
        let length = Int64(period) * 1_000
        for (offset, isGood) in [
            (-length - 1_000, false), (-length - 1, false), (-length, true), (-length + 1, true),
            (-1, true), (0, true), (2 * length - 1_000, true), (2 * length - 1, true),
            (2 * length, false), (2 * length + 1, false), (2 * length + 1_000, false),
        ] {
            var account = Given.active.with {
                $0.factor = Factor(
                    secret: Given.secret, parameters: parameters, enrolledAt: Given.began)
            }
            let now = began + Duration(milliseconds: offset)
            #expect(verify(.totp(code), &account, at: now).isYes == isGood, "\(offset) ms")
        }
    }

    @Test("two steps of a window with one code: it is good once all the same")
    func collision() {
        // Steps 62,075,368 and the next have this code under the RFCs' seed.
        let secret = SecretBytes("12345678901234567890".utf8)
        let code = SubmittedCode.totp(TOTPCode(value: 235_522, digits: 6))
        var account = Given.active.with {
            $0.factor = Factor(secret: secret, parameters: .standard, enrolledAt: Given.began)
        }
        let first = Instant(seconds: 62_075_368 * 30)
        #expect(verify(code, &account, at: first).isYes)
        for seconds in 0..<90 as Range<Int64> {
            #expect(verify(code, &account, at: first + .seconds(seconds)).error == .replayed)
        }
    }

    @Test("T-S1: secrets are long enough and never the same")
    func secrets() {
        #expect(CodeAlgorithm.allCases.allSatisfy { $0.secretBytes >= 20 })
        #expect(Policy.importedSecretBytesMin == 16)
        let drawn = Set(
            (0..<100_000).map { _ in
                Randomness.secret(20).withBytes { Array($0) }
            })
        #expect(drawn.count == 100_000)
    }

    @Test("T-S5: of 10,000 random codes none is accepted but those that are right")
    func randomCodes() {
        var generator = SeededGenerator.announced()
        let live = (-1...1).map { Given.code($0) }
        var accepted = 0
        for _ in 0..<10_000 {
            let value = UInt32.random(in: 0..<1_000_000, using: &generator)
            let code = TOTPCode(value: value, digits: 6)
            var account = Given.active
            let isYes = verify(.totp(code), &account).isYes
            #expect(isYes == live.contains(code))
            accepted += isYes ? 1 : 0
        }
        // Three in a million each: more than three in ten thousand is no chance.
        #expect(accepted <= 3)
    }
}
