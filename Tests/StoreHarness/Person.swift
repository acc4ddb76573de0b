// People who use the store, and what they ask of it. Everything about them follows from their name,
// so that a test that fails can be run again.

import Accounts
import OneTimeCodes
import Secrets
import Store

package struct Person: Sendable {
    package let name: AccountName
    package let secret: SecretBytes
    package let parameters: CodeParameters

    package init(_ user: String, app: String = "shop", parameters: CodeParameters = .standard)
        throws
    {
        let app = try require(AppName(app), "an app")
        name = try require(AccountName(app: app, user: user), "a name")
        let digest = Array("secret of \(app) \(user)".utf8).withUnsafeBytes { SHA256.hash($0) }
        secret = SecretBytes(digest.prefix(20))
        self.parameters = parameters
    }

    /// The person behind an account of a shape, with a factor like any app's.
    package init(of name: AccountName, with secret: SecretBytes) {
        self.name = name
        self.secret = secret
        parameters = .standard
    }

    /// The same with another of their authenticators.
    package func with(authenticator number: Int) -> Person {
        let seed = Array("authenticator \(number) of \(name.user)".utf8)
        let digest = seed.withUnsafeBytes { SHA256.hash($0) }
        return Person(of: name, with: SecretBytes(digest.prefix(20)))
    }

    /// The code of the step that holds `now`, or of one `steps` away from it.
    package func code(at now: Instant, steps: Int64 = 0) -> TOTPCode {
        let step = TOTP.step(at: now.seconds, period: parameters.period)
        return TOTP.code(secret: secret, step: step + steps, parameters: parameters)
    }

    /// A code that no step near `now` has; another one for each index.
    package func wrongCode(at now: Instant, _ index: Int = 0) -> TOTPCode {
        let right = (-3...3).map { code(at: now, steps: $0).value }
        let wrong = (0..<UInt32(index + 8)).filter { !right.contains($0) }
        return TOTPCode(value: wrong[index], digits: parameters.digits)
    }

    /// Ten hashes that stand for backup codes; no test needs the slow hash for them.
    package func backupCodes(_ generation: UInt8 = 1) -> BackupCodeSet {
        let salt = [UInt8](repeating: generation, count: PasswordHash.saltBytes)
        return BackupCodeSet(
            salt: salt, hashes: (0..<Policy.backupCodes).map { backupHash($0, generation) })
    }

    package func backupHash(_ index: Int, _ generation: UInt8 = 1) -> [UInt8] {
        let text = Array("backup code \(index) of set \(generation) of \(name.user)".utf8)
        return Array(text.withUnsafeBytes { SHA256.hash($0) }.prefix(PasswordHash.bytes))
    }
}

extension Person {
    package func request(
        _ op: String, _ operation: any Operation, at now: Instant, _ prepared: Prepared = .nothing
    ) -> Request {
        Request(name: name, op: op, operation: operation, now: now, prepared: prepared)
    }

    package func enroll(at now: Instant = Clock.start, with code: TOTPCode? = nil) -> Request {
        let submitted = code.map { SubmittedCode.totp($0) }
        let operation = Enroll(secret: secret, parameters: parameters, code: submitted)
        return request("enroll", operation, at: now)
    }

    package func confirm(at now: Instant = Clock.start, steps: Int64 = 0) -> Request {
        let prepared = Prepared(newBackupCodes: backupCodes())
        let operation = Confirm(code: code(at: now, steps: steps))
        return request("confirm", operation, at: now, prepared)
    }

    package func verify(at now: Instant, steps: Int64 = 0, attempt: String? = nil) -> Request {
        verify(code(at: now, steps: steps), at: now, attempt: attempt)
    }

    package func verify(_ code: TOTPCode, at now: Instant, attempt: String? = nil) -> Request {
        let tag = attempt.map {
            AttemptTag(attempt: $0, operation: "verify", canonicalCode: code.text)
        }
        return request("verify", Verify(code: .totp(code), attempt: tag), at: now)
    }

    package func wrong(at now: Instant, _ index: Int = 0) -> Request {
        verify(wrongCode(at: now, index), at: now)
    }

    /// One of the ten backup codes, already hashed; which text it has does not matter to a store.
    package func backup(_ index: Int, at now: Instant, generation: UInt8 = 1) throws -> Request {
        let code = try require(SubmittedCode("0000-0000-00000"), "a code")
        let hash = Prepared.BackupCodeHash(
            salt: backupCodes(generation).salt, hash: backupHash(index, generation))
        return request("verify", Verify(code: code), at: now, Prepared(submitted: hash))
    }

    package func status(at now: Instant = Clock.start) -> Request {
        request("status", Status(), at: now)
    }

    package func bring(at now: Instant, lastStep: Int64? = nil, replaces: Bool = false) -> Request {
        let operation = Import(
            secret: secret, parameters: parameters, lastStep: lastStep, replaces: replaces)
        return request("import", operation, at: now)
    }

    package func reset(at now: Instant) -> Request {
        var request = request("reset", Reset(), at: now)
        request.reason = "lost phone"
        request.replacesUnreadable = true
        return request
    }

    package func disable(at now: Instant) -> Request {
        request("disable", Disable(code: .totp(code(at: now))), at: now)
    }
}
