// What the store driver asks of a store, batch by batch, and what has to be there after each. A
// batch follows from the seed and its number alone, so that a test can compute it without the
// store.

import Accounts
import LMDBStore
import OneTimeCodes
import Secrets
import SeededRandom
import Store

package struct Workload: Sendable {
    package let seed: UInt64
    /// People who come back; beside them, each batch brings one who stays as imported.
    private let guests: [Guest]
    private static let guestCount = 12

    package init(seed: UInt64) {
        self.seed = seed
        guests = (0..<Self.guestCount).map { Guest("guest \($0)") }
    }

    /// Guards nothing but the state of a test.
    package static let ring = KeyRing(
        current: MasterKey(
            id: KeyID(rawValue: 0x7e57_0002), key: SecretBytes((0..<32).map { UInt8($0) })))

    /// Small enough that laps turn, grow and are folded in many steps within a few batches.
    package static let logSize = LogSize(
        bytesMin: 8 << 10, bytesMax: 32 << 10, accountsMax: 30, accountsPerStep: 4)
    package static let mapBytes = 64 << 20

    package static func open(_ path: String) throws(OpeningRefusal) -> LMDBStore {
        try LMDBStore(
            path: path, ring: ring, at: now(0), mapBytes: mapBytes, logSize: logSize)
    }

    // MARK: Batches

    /// The changes of batch `number`, from 0 on. The first one makes the account that says that the
    /// batch was kept.
    package func batch(_ number: Int, in store: some AccountStore) -> [Change] {
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0x9E37_79B9)
        let now = Self.now(number)
        let count = Int.random(in: 0..<6, using: &random)
        let others = (0..<count).map { _ in
            let guest = guests[Int.random(in: 0..<guests.count, using: &random)]
            return guest.change(drawn: Int.random(in: 0..<14, using: &random), now, store)
        }
        return [Self.witness(number).importing(now, store)] + others
    }

    /// Two steps pass between batches, so that a right code is always a new one.
    package static func now(_ number: Int) -> Instant {
        Instant(seconds: 1_800_000_000 + 60 * Int64(number))
    }

    private static func witness(_ number: Int) -> Guest { Guest("batch \(number)") }

    // MARK: What is there

    /// How many batches a store has kept.
    package static func kept(in store: some AccountStore, atMost limit: Int) throws -> Int {
        let accounts = try store.accounts(of: (0..<limit).map { witness($0).name })
        return accounts.firstIndex { $0?.factor == nil } ?? limit
    }

    /// Every account that the first `count` batches know of; nil for one that does not open.
    package func accounts(_ count: Int, in store: some AccountStore) throws -> [Account?] {
        let all = guests + (0..<count).map(Self.witness)
        return try store.accounts(of: all.map(\.name), at: Self.now(count))
    }
}

/// Somebody whose secret follows from the name.
private struct Guest: Sendable {
    let name: AccountName
    let secret: SecretBytes

    init(_ user: String) {
        guard let app = AppName("shop"), let name = AccountName(app: app, user: user) else {
            preconditionFailure("\(user) is a name")
        }
        self.name = name
        let digest = Array("secret of \(user)".utf8).withUnsafeBytes { SHA256.hash($0) }
        secret = SecretBytes(digest.prefix(20))
    }

    func change(drawn: Int, _ now: Instant, _ store: some AccountStore) -> Change {
        switch drawn {
        case 0:
            let enroll = Enroll(secret: secret, parameters: .standard)
            return change("enroll", enroll, now, store)
        case 1:
            let set = BackupCodeSet(
                salt: [UInt8](repeating: 7, count: PasswordHash.saltBytes),
                hashes: (0..<Policy.backupCodes).map {
                    [UInt8](repeating: UInt8($0), count: PasswordHash.bytes)
                })
            let confirm = Confirm(code: code(at: now))
            return change("confirm", confirm, now, store, Prepared(newBackupCodes: set))
        case 2: return change("reset", Reset(), now, store)
        case 3: return change("disable", Disable(code: .totp(code(at: now))), now, store)
        case 4, 5: return importing(now, store)
        case 6..<9:
            return change("verify", Verify(code: .totp(code(at: now))), now, store)
        case 9:
            let code = code(of: other, at: now)
            return change("verify", Verify(code: .totp(code)), now, store)
        case 10:
            let operation = Import(
                secret: other, parameters: .standard, lastStep: nil, replaces: false, adds: true)
            return change("import", operation, now, store)
        case 11:
            let remove = Remove(.first, code: .totp(code(of: other, at: now)))
            return change("remove", remove, now, store)
        default:
            let wrong = TOTPCode(value: (code(at: now).value + 500_000) % 1_000_000, digits: 6)
            return change("verify", Verify(code: .totp(wrong)), now, store)
        }
    }

    func importing(_ now: Instant, _ store: some AccountStore) -> Change {
        let operation = Import(
            secret: secret, parameters: .standard, lastStep: nil, replaces: false)
        return change("import", operation, now, store)
    }

    /// Of another authenticator.
    private var other: SecretBytes {
        let digest = Array("other of \(name.user)".utf8).withUnsafeBytes { SHA256.hash($0) }
        return SecretBytes(digest.prefix(20))
    }

    private func code(at now: Instant) -> TOTPCode { code(of: secret, at: now) }

    private func code(of secret: SecretBytes, at now: Instant) -> TOTPCode {
        let parameters = CodeParameters.standard
        let step = TOTP.step(at: now.seconds, period: parameters.period)
        return TOTP.code(secret: secret, step: step, parameters: parameters)
    }

    private func change(
        _ op: String, _ operation: any Operation, _ now: Instant, _ store: some AccountStore,
        _ prepared: Prepared = .nothing
    ) -> Change {
        .account(
            AccountChange(
                name: name, id: store.id(of: name), operation: operation, now: now,
                under: .standard, prepared: prepared,
                label: EventLabel(op: op, peer: Peer(uid: 1000, pid: 4242))))
    }
}
