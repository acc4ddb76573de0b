// The largest batch there can be, with everything as long as it may be. It fits a segment of the
// log: otherwise the daemon would end in the middle of its work.

import OneTimeCodes
import Scratch
import Secrets
import Store
import StoreHarness
import Testing

@testable import Accounts
@testable import LMDBStore

@Suite("The largest batch")
struct LargestBatchTests {
    /// Everything about an account that is kept, as long as it may be.
    private static func account(_ number: Int) throws -> Account {
        let digits = String(number)
        func padded(_ count: Int) -> String {
            String(repeating: "a", count: count - digits.utf8.count) + digits
        }
        let app = try #require(AppName(padded(Policy.appBytesMax)))
        let user = padded(Policy.userBytesMax)
        var account = Account(try #require(AccountName(app: app, user: user)))
        let secret = SecretBytes([UInt8](repeating: 7, count: Policy.importedSecretBytesMax))
        account.factor = Factor(
            secret: secret, parameters: .standard, enrolledAt: Clock.start)
        account.pending = Pending(
            secret: secret, parameters: .standard, expiresAt: Clock.after(600),
            rescueConfirmations: Policy.rescueConfirmations)
        account.backupCodes = RecordShape.backupCodes(Policy.backupCodes)
        let hash = [UInt8](repeating: 9, count: DeviceProof.digestBytes)
        account.devices = (0..<Policy.devicesMaxRange.upperBound).map { index in
            Device(
                id: DeviceID(rawValue: UInt64(index)),
                label: String(repeating: "b", count: Policy.deviceLabelBytesMax),
                createdAt: Clock.start, usedAt: Clock.start, current: hash, previous: hash)
        }
        let tag = [UInt8](repeating: 3, count: AttemptTag.bytes)
        let device = DeviceID(rawValue: 1)
        account.guard.attempts = (0..<Policy.attemptsRemembered).map { _ in
            RememberedAttempt(
                tag: AttemptTag(attempt: tag, code: tag), decidedAt: Clock.start,
                result: .verified(
                    .backup, backupCodesLeft: 3, wrongCodes: .max, device: device,
                    browser: BrowserID(rawValue: 1)))
        }
        account.guard.browsers = (0..<Policy.browsersMax).map { index in
            KnownBrowser(
                id: BrowserID(rawValue: UInt64(index)),
                digest: [UInt8](repeating: 4, count: BrowserProof.digestBytes),
                createdAt: Clock.start)
        }
        account.guard.history = History(
            (0..<History.entriesMax).map { _ in
                HistoryEntry(at: Clock.start, .confirm, HistoryEntry.What.allCases[0])
            })
        return account
    }

    /// Changes all of it at once, which no operation does, and is charged to a source besides.
    private struct Everything: Accounts.Operation {
        let account: Account

        func decide(
            _ before: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
        ) -> Outcome {
            Outcome(account, .refused(Refusal(.wrongCode)), alert: .longCount)
        }
    }

    /// Of the longest name.
    private static let owner = LimitOwner(app: longestApp, kind: .source)
    private static let longestApp: AppName = {
        guard let app = AppName(String(repeating: "a", count: Policy.appBytesMax)) else {
            preconditionFailure("a test's own app has a name")
        }
        return app
    }()

    private static func bucket(_ number: Int) -> RecordID {
        RecordID(high: UInt64(number) << 40, low: 1)
    }

    /// Buckets with room for one key more.
    private static func putBuckets(_ inside: Inside) throws {
        let state = try #require(LimitState(emptyAt: Clock.after(600), part: 0, parts: 1))
        let entries = (1..<UInt64(LimitBucket.capacity)).map {
            LimitBucket.Entry(tag: $0, state: state)
        }
        let bucket = try #require(LimitBucket(entries))
        let plain = try #require(LimitRecord.encode(bucket, of: Self.owner))
        try inside.environment.write { transaction in
            for number in 0..<WriterLane.batchMax {
                try RecordKey(Self.bucket(number)).withBytes { key in
                    let sealed = plain.withBytes {
                        inside.seal.seal($0, version: LimitRecord.version, in: .limits, at: key)
                    }
                    try sealed.withBytes {
                        try transaction.put(inside.tables.limits, key, $0)
                    }
                }
            }
            return ((), isCommitted: true)
        }
    }

    @Test("fits a segment of the log")
    func fits() throws {
        let roomy = LogSize(bytesMin: 32 << 20, bytesMax: 32 << 20, accountsMax: 1 << 20)
        let subject = try Subject(
            in: TemporaryDirectory(), ring: KeyRing(current: .generate()), logSize: roomy)
        try subject.inside(Self.putBuckets)
        try subject.open()
        let store = try subject.engineStore
        let changes = try (0..<WriterLane.batchMax).map { number in
            let account = try Self.account(number)
            return AccountChange(
                name: account.name, id: store.id(of: account.name),
                operation: Everything(account: account), now: Clock.start, under: .standard,
                label: EventLabel(
                    op: "backup_codes", peer: Request.peer,
                    reason: String(repeating: "c", count: Policy.reasonBytesMax),
                    source: String(repeating: "d", count: Policy.limitKeyBytesMax)),
                source: LimitAddress(bucket: Self.bucket(number), tag: 0, of: Self.owner))
        }
        let before = try store.figures().logBytes
        let results = try store.apply(changes.map { .account($0) })
        #expect(results.allSatisfy { $0.brief == "wrong_code" })
        let bytes = try store.figures().logBytes - before
        print("the largest batch: \(bytes) bytes")
        #expect(bytes <= LogSize.standard.bytesMin)
        try #expect(store.apps(after: nil, atMost: 2000).apps.count == WriterLane.batchMax)
        try #expect(store.check().limits == WriterLane.batchMax * LimitBucket.capacity)
        subject.close()
    }
}
