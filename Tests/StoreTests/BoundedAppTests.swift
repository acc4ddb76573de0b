// Whatever an app asks without anybody's right code, in any order: what it leaves in each table and
// in the trail is bounded, and people who have a factor are as they were.

import Accounts
import Secrets
import SeededRandom
import StoreHarness
import Testing

@testable import Store

@Suite("An app that makes up users")
struct BoundedAppTests {
    private static let policy = AppPolicy(accountsMax: 20)

    private struct Requests {
        let owners: [Person]
        var random = SeededGenerator.announced("made-up users")
        var now = Clock.start

        /// None of them carries a right code.
        mutating func one() throws -> Request {
            if Int.random(in: 0..<50, using: &random) == 0 {
                now = now + .seconds(Int64.random(in: 0..<900, using: &random))
            }
            let person =
                Int.random(in: 0..<10, using: &random) == 0
                ? owners[Int.random(in: 0..<owners.count, using: &random)]
                : try Person("made up \(Int.random(in: 0..<60, using: &random))")
            var request = draw(person)
            request.policy = BoundedAppTests.policy
            request.mayOmitEvent = true
            if Bool.random(using: &random) {
                request = request.from("source \(Int.random(in: 0..<300, using: &random))")
            }
            return request
        }

        private mutating func draw(_ person: Person) -> Request {
            let wrong = person.wrongCode(at: now)
            let attempt = AttemptTag(
                attempt: "attempt of 24 letters, \(Int.random(in: 0..<9, using: &random))",
                operation: "any", canonicalCode: wrong.text)
            switch Int.random(in: 0..<16, using: &random) {
            case 0..<4: return person.enroll(at: now)
            case 4..<8:
                let confirm = Confirm(
                    code: wrong, attempt: Bool.random(using: &random) ? attempt : nil)
                return person.request("confirm", confirm, at: now)
            case 8..<11: return person.request("cancel", Cancel(), at: now)
            case 11: return person.request("verify", Verify(code: .totp(wrong)), at: now)
            case 12: return person.request("disable", Disable(code: .totp(wrong)), at: now)
            case 13: return person.request("forget", Forget(.all), at: now)
            case 14:
                let token = DeviceProof(
                    id: DeviceID(rawValue: 7), digest: [UInt8](repeating: 7, count: 32))
                return person.request("trusted", Trusted(token: token, next: []), at: now)
            default: return person.request("sweep", Abandon(), at: now)
            }
        }
    }

    @Test("leaves no more than it may have accounts", arguments: Engine.allCases)
    func random(_ engine: Engine) throws {
        try engine.run { subject in
            let owners = try (0..<3).map { try Person("owner \($0)") }
            try subject.ask(owners.map { $0.bring(at: Clock.start) })
            var requests = Requests(owners: owners)
            var answers: [String: Int] = [:]
            for _ in 0..<40 {
                let batch = try (0..<100).map { _ in try requests.one() }
                for (request, answer) in zip(batch, try subject.ask(batch)) {
                    answers["\(request.op) \(answer)", default: 0] += 1
                }
                let report = try subject.store.check()
                try #require(report.problems == [])
                // Records of factors and of guards: none is without the other, and none is extra.
                try #require(report.accounts <= Self.policy.accountsMax)
                try #require(subject.store.figures().accounts == report.accounts)
                try #require(report.limits <= 300)
                try #require(subject.store.figures().apps == 1)
            }
            for kind in [
                "enroll ok", "enroll too_many_accounts", "confirm wrong_code", "cancel ok",
                "enroll code_required", "sweep ok", "verify wrong_code",
            ] { #expect(answers[kind, default: 0] > 0, "never: \(kind)") }
            // And after all that was counted is over, nothing is left but who has a factor.
            let names = try (0..<60).map { try Person("made up \($0)") }
            try subject.ask(
                names.map { $0.request("sweep", Abandon(), at: requests.now + .days(31)) })
            #expect(try subject.store.check().accounts == 3)
            for owner in owners {
                let account = try subject.account(owner)
                #expect(account.factor != nil && account.guard.hasCounts)
            }
        }
    }

    @Test("has no more events than its budgets hold", arguments: Engine.allCases)
    func events(_ engine: Engine) throws {
        try engine.run { subject in
            let rounds = 4_200
            for start in stride(from: 0, to: rounds, by: 200) {
                try subject.ask(
                    (start..<(start + 200)).flatMap { number in
                        let person = try Person("made up \(number)")
                        let wrong = Confirm(code: person.wrongCode(at: Clock.start))
                        return [
                            person.enroll(), person.request("confirm", wrong, at: Clock.start),
                            person.request("cancel", Cancel(), at: Clock.start),
                        ].map { request in
                            var request = request
                            request.mayOmitEvent = true
                            return request
                        }
                    })
            }
            try #expect(subject.store.figures().lastEvent == 10_000)
            #expect(try subject.store.figures().omittedEvents == 3 * rounds - 10_000)
        }
    }
}
