// Requests drawn from a seed: everything people and admins do, right and wrong, early and late. The
// same seed gives the same requests for ever, so that a run that failed can be run again.

import Accounts
import OneTimeCodes
import SeededRandom
import Store

import class Foundation.ProcessInfo

/// A request, and when the step began whose code it carries, if it carries one.
package struct Drawn {
    package let person: Int
    package let request: Request
    package var stepBegan: Instant?
    /// 0 for the first.
    package var authenticator = 0
}

package struct RandomRequests {
    /// Seeds that always run, and one to look for more or to repeat: TOTPD_TEST_SEED.
    package static let seeds: [UInt64] = {
        let given = ProcessInfo.processInfo.environment["TOTPD_TEST_SEED"]
        return [1, 2, 3] + (given.flatMap { UInt64($0) }.map { [$0] } ?? [])
    }()

    package let people: [Person]
    private var random: SeededGenerator
    /// Apart, so that a seed gives the requests that it gave before there were known browsers.
    private var browsers: SeededGenerator
    /// Likewise, before there were several authenticators.
    private var others: SeededGenerator
    private var now = Clock.start

    package init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        browsers = SeededGenerator(seed: seed)
        others = SeededGenerator(seed: seed &+ 1)
        let slow = try require(
            CodeParameters(algorithm: .sha512, digits: 8, period: 60), "parameters")
        people = try (0..<6).map { index in
            try Person("user \(index)", parameters: index % 3 == 2 ? slow : .standard)
        }
    }

    package mutating func batch() throws -> [Drawn] {
        // Mostly seconds, sometimes an hour, seldom a clock set back.
        switch Int.random(in: 0..<20, using: &random) {
        case 0: now = Instant(seconds: now.seconds + 3600)
        case 1: now = Instant(seconds: now.seconds - 20)
        default: now = Instant(seconds: now.seconds + Int64.random(in: 0..<40, using: &random))
        }
        return try (0..<Int.random(in: 1...12, using: &random)).map { _ in
            let drawn = try one()
            guard Int.random(in: 0..<4, using: &others) == 0 else { return drawn }
            return try another(drawn.person)
        }
    }

    /// About an authenticator beside the first.
    private mutating func another(_ index: Int) throws -> Drawn {
        let person = people[index]
        let number = Int.random(in: 1...2, using: &others)
        let other = person.with(authenticator: number)
        let steps = Int64.random(in: -1...1, using: &others)
        let own = SubmittedCode.totp(person.code(at: now, steps: steps))
        switch Int.random(in: 0..<8, using: &others) {
        case 0:
            let enroll = Enroll(
                secret: other.secret, parameters: other.parameters, code: own, adds: true,
                name: "number \(number)")
            return Drawn(person: index, request: person.request("enroll", enroll, at: now))
        case 1:
            return Drawn(person: index, request: other.confirm(at: now, steps: steps))
        case 2:
            let bring = Import(
                secret: other.secret, parameters: other.parameters, lastStep: nil, replaces: false,
                adds: true)
            return Drawn(person: index, request: person.request("import", bring, at: now))
        case 3:
            let id = UInt8.random(in: 1...4, using: &others)
            let remove = Remove(
                try require(AuthenticatorID(rawValue: id), "an id"),
                code: .totp(other.code(at: now, steps: steps)))
            return Drawn(person: index, request: person.request("remove", remove, at: now))
        default:
            return Drawn(
                person: index, request: other.verify(at: now, steps: steps),
                stepBegan: began(other, steps), authenticator: number)
        }
    }

    private mutating func one() throws -> Drawn {
        let index = Int.random(in: 0..<people.count, using: &random)
        let person = people[index]
        switch Int.random(in: 0..<28, using: &random) {
        case 0..<3: return Drawn(person: index, request: person.enroll(at: now))
        case 3:
            return coded(index, "enroll") {
                Enroll(secret: $0.secret, parameters: $0.parameters, code: $1, attempt: $2)
            }
        case 4..<8: return confirmation(index)
        case 8..<14: return verification(index)
        case 14..<16: return Drawn(person: index, request: person.wrong(at: now, 0))
        case 16: return try backup(index)
        case 17: return coded(index, "backup_codes") { RenewBackupCodes(code: $1, attempt: $2) }
        case 18: return coded(index, "disable") { Disable(code: $1, attempt: $2) }
        case 19: return Drawn(person: index, request: person.request("cancel", Cancel(), at: now))
        case 20: return Drawn(person: index, request: person.bring(at: now, replaces: bool()))
        case 21: return Drawn(person: index, request: seldom(person))
        case 22: return Drawn(person: index, request: person.request("show", Show(), at: now))
        case 23: return remembering(index)
        case 24..<26: return trusting(index)
        case 26:
            let forget = Forget(bool() ? .one(DeviceID(rawValue: device())) : .all)
            return Drawn(person: index, request: person.request("forget", forget, at: now))
        case 27:
            return Drawn(person: index, request: person.request("history", ReadHistory(), at: now))
        default: return Drawn(person: index, request: person.status(at: now))
        }
    }

    private mutating func seldom(_ person: Person) -> Request {
        bool() ? person.reset(at: now) : person.request("unlock", Unlock(), at: now)
    }

    private mutating func bool() -> Bool { Bool.random(using: &random) }

    /// Around the window and beyond it.
    private mutating func steps() -> Int64 { Int64.random(in: -2...2, using: &random) }

    private func began(_ person: Person, _ steps: Int64) -> Instant {
        let period = person.parameters.period
        return Instant(
            seconds: (TOTP.step(at: now.seconds, period: period) + steps) * Int64(period))
    }

    private mutating func coded(
        _ index: Int, _ op: String, _ make: (Person, SubmittedCode, AttemptTag?) -> any Operation
    ) -> Drawn {
        let (person, steps) = (people[index], steps())
        let code = person.code(at: now, steps: steps)
        let attempt = attempt(op, code)
        let operation = make(person, .totp(code), attempt)
        return Drawn(
            person: index, request: person.request(op, operation, at: now, prepared(person)),
            stepBegan: attempt == nil ? began(person, steps) : nil)
    }

    /// Mostly none, so that a yes is a code used up; few, so that they come again.
    private mutating func attempt(_ op: String, _ code: TOTPCode) -> AttemptTag? {
        guard Int.random(in: 0..<4, using: &random) == 0 else { return nil }
        let attempt = "attempt of 24 letters, \(Int.random(in: 0..<3, using: &random))"
        return AttemptTag(attempt: attempt, operation: op, canonicalCode: code.text)
    }

    // MARK: Devices

    private mutating func device() -> UInt64 { UInt64.random(in: 0..<2, using: &random) }

    /// Few tokens, so that the current one, the one before and older ones come.
    private mutating func digest() -> [UInt8] {
        let generation = UInt8.random(in: 0..<2, using: &random)
        return [UInt8](repeating: generation, count: DeviceProof.digestBytes)
    }

    private mutating func remembering(_ index: Int) -> Drawn {
        let (person, steps) = (people[index], steps())
        let proof = DeviceProof(id: DeviceID(rawValue: device()), digest: digest())
        let device = NewDevice(proof: proof, label: bool() ? "Laptop" : nil)
        let code = person.code(at: now, steps: steps)
        let attempt = attempt("verify", code)
        let verify = Verify(code: .totp(code), attempt: attempt, device: device)
        return Drawn(
            person: index, request: person.request("verify", verify, at: now),
            stepBegan: attempt == nil ? began(person, steps) : nil)
    }

    /// Few tokens, so that known ones, replaced ones and strangers' come.
    private mutating func browser() -> AskedBrowser {
        func proof(_ number: UInt64) -> BrowserProof {
            BrowserProof(
                id: BrowserID(rawValue: number),
                digest: [UInt8](repeating: UInt8(number), count: BrowserProof.digestBytes))
        }
        var browser = AskedBrowser()
        if Bool.random(using: &browsers) {
            browser.sent = proof(UInt64.random(in: 0..<3, using: &browsers))
        }
        if Bool.random(using: &browsers) {
            browser.next = proof(UInt64.random(in: 0..<3, using: &browsers))
        }
        browser.readmits = Bool.random(using: &browsers)
        return browser
    }

    private mutating func trusting(_ index: Int) -> Drawn {
        let proof = DeviceProof(id: DeviceID(rawValue: device()), digest: digest())
        let trusted = Trusted(token: proof, next: digest())
        return Drawn(person: index, request: people[index].request("trusted", trusted, at: now))
    }

    private mutating func confirmation(_ index: Int) -> Drawn {
        let (person, steps) = (people[index], steps())
        var request = person.confirm(at: now, steps: steps)
        request.prepared = prepared(person)
        return Drawn(person: index, request: request, stepBegan: began(person, steps))
    }

    private mutating func verification(_ index: Int) -> Drawn {
        let (person, steps) = (people[index], steps())
        // Without an `attempt`, so that every yes is a code used up.
        guard Int.random(in: 0..<4, using: &random) == 0 else {
            let code = person.code(at: now, steps: steps)
            let verify = Verify(code: .totp(code), browser: browser())
            let request = person.request("verify", verify, at: now)
            return Drawn(person: index, request: request, stepBegan: began(person, steps))
        }
        let attempt = "attempt of 24 letters, \(Int.random(in: 0..<3, using: &random))"
        return Drawn(
            person: index, request: person.verify(at: now, steps: steps, attempt: attempt))
    }

    private mutating func backup(_ index: Int) throws -> Drawn {
        let number = Int.random(in: 0..<12, using: &random)
        let generation = UInt8.random(in: 1...3, using: &random)
        return Drawn(
            person: index,
            request: try people[index].backup(number, at: now, generation: generation))
    }

    /// New backup codes, or none: then the change needs them and decides nothing.
    private mutating func prepared(_ person: Person) -> Prepared {
        guard Int.random(in: 0..<5, using: &random) > 0 else { return .nothing }
        let generation = UInt8.random(in: 1...3, using: &random)
        return Prepared(newBackupCodes: person.backupCodes(generation))
    }
}
