// People who use the store, and what they ask of it. Everything about them follows from their name,
// so that a test that fails can be run again.

import Accounts
import OneTimeCodes
import Secrets
import Store
import Testing

enum Clock {
    /// Where a step of 30 and one of 60 seconds begin together.
    static let start = Instant(seconds: 1_800_000_000)

    static func after(_ seconds: Int64) -> Instant { start + .seconds(seconds) }
}

struct Person: Sendable {
    let name: AccountName
    let secret: SecretBytes
    let parameters: CodeParameters

    init(_ user: String, app: String = "shop", parameters: CodeParameters = .standard) throws {
        let app = try #require(AppName(app))
        name = try #require(AccountName(app: app, user: user))
        let digest = Array("secret of \(app) \(user)".utf8).withUnsafeBytes { SHA256.hash($0) }
        secret = SecretBytes(digest.prefix(20))
        self.parameters = parameters
    }

    /// The person behind an account of a shape, with a factor like any app's.
    init(of name: AccountName, with secret: SecretBytes) {
        self.name = name
        self.secret = secret
        parameters = .standard
    }

    /// The code of the step that holds `now`, or of one `steps` away from it.
    func code(at now: Instant, steps: Int64 = 0) -> TOTPCode {
        let step = TOTP.step(at: now.seconds, period: parameters.period)
        return TOTP.code(secret: secret, step: step + steps, parameters: parameters)
    }

    /// A code that no step near `now` has; another one for each index.
    func wrongCode(at now: Instant, _ index: Int = 0) -> TOTPCode {
        let right = (-3...3).map { code(at: now, steps: $0).value }
        let wrong = (0..<UInt32(index + 8)).filter { !right.contains($0) }
        return TOTPCode(value: wrong[index], digits: parameters.digits)
    }

    /// Ten hashes that stand for backup codes; no test needs the slow hash for them.
    func backupCodes(_ generation: UInt8 = 1) -> BackupCodeSet {
        let salt = [UInt8](repeating: generation, count: PasswordHash.saltBytes)
        return BackupCodeSet(
            salt: salt, hashes: (0..<Policy.backupCodes).map { backupHash($0, generation) })
    }

    func backupHash(_ index: Int, _ generation: UInt8 = 1) -> [UInt8] {
        let text = Array("backup code \(index) of set \(generation) of \(name.user)".utf8)
        return Array(text.withUnsafeBytes { SHA256.hash($0) }.prefix(PasswordHash.bytes))
    }
}

/// One request before it is bound to a store.
struct Request: Sendable {
    let name: AccountName
    let op: String
    let operation: any Operation
    let now: Instant
    var prepared = Prepared.nothing
    var reason: String?
    var replacesUnreadable = false
    var source: LimitKey?
    var sourceText: String?
    var policy = AppPolicy.standard
    var mayOmitEvent = false

    static let peer = Peer(uid: 1000, pid: 4242)

    func change(in store: some AccountStore) -> Change { .account(accountChange(in: store)) }

    func accountChange(in store: some AccountStore) -> AccountChange {
        AccountChange(
            name: name, id: store.id(of: name), operation: operation, now: now, under: policy,
            prepared: prepared,
            label: EventLabel(op: op, peer: Self.peer, reason: reason, source: sourceText),
            source: source.map { store.address(of: $0) }, replacesUnreadable: replacesUnreadable,
            mayOmitEvent: mayOmitEvent)
    }
}

extension Person {
    func request(
        _ op: String, _ operation: any Operation, at now: Instant, _ prepared: Prepared = .nothing
    ) -> Request {
        Request(name: name, op: op, operation: operation, now: now, prepared: prepared)
    }

    func enroll(at now: Instant = Clock.start, with code: TOTPCode? = nil) -> Request {
        let submitted = code.map { SubmittedCode.totp($0) }
        let operation = Enroll(secret: secret, parameters: parameters, code: submitted)
        return request("enroll", operation, at: now)
    }

    func confirm(at now: Instant = Clock.start, steps: Int64 = 0) -> Request {
        let prepared = Prepared(newBackupCodes: backupCodes())
        let operation = Confirm(code: code(at: now, steps: steps))
        return request("confirm", operation, at: now, prepared)
    }

    func verify(at now: Instant, steps: Int64 = 0, attempt: String? = nil) -> Request {
        verify(code(at: now, steps: steps), at: now, attempt: attempt)
    }

    func verify(_ code: TOTPCode, at now: Instant, attempt: String? = nil) -> Request {
        let tag = attempt.map {
            AttemptTag(attempt: $0, operation: "verify", canonicalCode: code.text)
        }
        return request("verify", Verify(code: .totp(code), attempt: tag), at: now)
    }

    func wrong(at now: Instant, _ index: Int = 0) -> Request {
        verify(wrongCode(at: now, index), at: now)
    }

    /// One of the ten backup codes, already hashed; which text it has does not matter to a store.
    func backup(_ index: Int, at now: Instant, generation: UInt8 = 1) throws -> Request {
        let code = try #require(SubmittedCode("0000-0000-00000"))
        let hash = Prepared.BackupCodeHash(
            salt: backupCodes(generation).salt, hash: backupHash(index, generation))
        return request("verify", Verify(code: code), at: now, Prepared(submitted: hash))
    }

    func status(at now: Instant = Clock.start) -> Request {
        request("status", Status(), at: now)
    }

    func bring(at now: Instant, lastStep: Int64? = nil, replaces: Bool = false) -> Request {
        let operation = Import(
            secret: secret, parameters: parameters, lastStep: lastStep, replaces: replaces)
        return request("import", operation, at: now)
    }

    func reset(at now: Instant) -> Request {
        var request = request("reset", Reset(), at: now)
        request.reason = "lost phone"
        request.replacesUnreadable = true
        return request
    }

    func disable(at now: Instant) -> Request {
        request("disable", Disable(code: .totp(code(at: now))), at: now)
    }
}

extension ChangeResult {
    /// The answer in a word, for lists of what is expected.
    var brief: String {
        switch self {
        case .account(let result): return result.brief
        case .limit(.decided(.success)), .event: return "ok"
        case .limit(.decided(.failure(let refusal))): return refusal.name.rawValue
        case .limit(.unreadable(let fault)): return "unreadable limit: \(fault)"
        }
    }
}

extension AccountResult {
    var brief: String {
        switch self {
        case .unreadable(let fault): return "unreadable: \(fault)"
        case .unreadableSource(let fault): return "unreadable limit: \(fault)"
        case .decided(let answer, _): return answer.brief
        }
    }
}

extension Answer {
    var brief: String {
        switch self {
        case .accepted: return "ok"
        case .refused(let refusal): return refusal.name.rawValue
        case .needs: return "needs"
        }
    }
}
