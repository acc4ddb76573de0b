// The tables of what support does: `reset`, `unlock`, `import`, and of what only looks.

import OneTimeCodes
import Secrets
import Testing

@testable import Accounts

@Suite struct AdminTests {
    private static let busy = Given.replacing.with {
        $0.guard.totp = .locked
        $0.guard.backup = Throttle(failures: 7, emptyAt: Given.now + .days(1))
        $0.guard.lastStepBegan = Given.began
        $0.guard.attempts = [
            RememberedAttempt(
                tag: AttemptTag(attempt: [1], code: [2]), decidedAt: Given.now, result: .wrongCode)
        ]
    }

    static let resets: [Row] = [
        Row("nobody", Given.unknown, Reset(), .no(.notEnrolled)),
        Row(
            "nobody, but counted", Given.unknown.with { $0.guard.totp = .locked }, Reset(),
            .no(.notEnrolled)),
        Row(
            "pending", Given.pending, Reset(), .accepted(.done),
            after: Given.unknown.noted(.reset, by: .reset)),
        Row(
            "all but the used step goes", busy, Reset(), .accepted(.done),
            after: Given.unknown.retired(upTo: Given.began).noted(.reset, by: .reset)),
    ]

    static let unlocks: [Row] = [
        Row("nobody", Given.unknown, Unlock(), .no(.notEnrolled)),
        Row(
            "nobody, but counted", Given.unknown.with { $0.guard.totp = .locked }, Unlock(),
            .accepted(.done), after: Given.unknown.noted(.unlocked, by: .unlock)),
        Row("nothing to unlock", Given.active, Unlock(), .accepted(.done)),
        Row(
            "only the counts go", busy, Unlock(), .accepted(.done),
            after: busy.with {
                $0.guard.totp = Throttle()
                $0.guard.backup = Throttle()
            }.noted(.unlocked, by: .unlock)),
    ]

    private static func importing(
        _ lastStep: Int64? = nil, replaces: Bool = false, hasBackupCodes: Bool = false
    ) -> Import {
        Import(
            secret: Given.newSecret, parameters: .standard, lastStep: lastStep, replaces: replaces,
            hasBackupCodes: hasBackupCodes)
    }

    private static let step: Int64 = 60_000_000
    private static let fresh = Given.unknown.with {
        $0.factor = Factor(
            secret: Given.newSecret, parameters: .standard, enrolledAt: Given.now)
    }.noted(.imported, by: .importFactor)

    static let imports: [Row] = [
        Row(
            "one too many, and a step of the future", Given.tooMany, importing(step + 2),
            .no(.tooManyAccounts)),
        Row(
            "one too many, that replaces", Given.tooMany, importing(replaces: true),
            .no(.tooManyAccounts)),
        Row(
            "a factor, and a step of the future", Given.active, importing(step + 2),
            .no(.alreadyEnrolled)),
        Row(
            "a step of the future", Given.unknown, importing(step + 2),
            .no(
                .badRequest, field: "last_step",
                detail: "a step from 0 to the next one is expected")),
        Row(
            "a step before 1970", Given.unknown, importing(-1),
            .no(
                .badRequest, field: "last_step",
                detail: "a step from 0 to the next one is expected")),
        Row(
            "the newest step there can be", Given.unknown, importing(step + 1), .accepted(.done),
            after: fresh.used(upTo: Given.began + .seconds(30))),
        Row("no step", Given.unknown, importing(), .accepted(.done), after: fresh),
        Row(
            "backup codes that are to be hashed", Given.unknown, importing(hasBackupCodes: true),
            .needs(Preparation(newBackupCodes: true)), isEvent: false),
        Row(
            "backup codes", Given.unknown, importing(hasBackupCodes: true), with: Given.renewed,
            .accepted(.done), after: fresh.with { $0.backupCodes = Given.newCodes }),
        Row(
            "others' new codes, which are nothing to this", Given.unknown, importing(),
            with: Given.renewed, .accepted(.done), after: fresh),
        Row("step 0", Given.unknown, importing(0), .accepted(.done), after: fresh),
        Row("over a pending one", Given.pending, importing(), .accepted(.done), after: fresh),
        Row(
            "in place of a factor: the later step and all counts stay", busy,
            importing(step - 5, replaces: true), .accepted(.done),
            after: fresh.with {
                $0.guard.lastStepBegan = Given.began
                $0.guard.retiredStepBegan = Given.began
                $0.guard.totp = .locked
                $0.guard.backup = Throttle(failures: 7, emptyAt: Given.now + .days(1))
            }),
    ]

    /// The same secret once more: a list that is imported again.
    static let repeated: [Row] = [
        Row("the same", same, importing(), .accepted(.done), isEvent: false),
        Row(
            "the same, to replace", same, importing(replaces: true), .accepted(.done),
            isEvent: false),
        Row(
            "the same, and backup codes: to be hashed as hers", same,
            importing(hasBackupCodes: true), with: Given.renewed,
            .needs(Preparation(newBackupCodes: true, newCodesSalt: Given.salt)), isEvent: false),
        Row(
            "the same, and her backup codes, of which one is used",
            same.with {
                $0.backupCodes?.remove(3)
            }, importing(hasBackupCodes: true), with: brought(Given.hashes), .accepted(.done),
            isEvent: false),
        Row(
            "the same, and none but other backup codes", same, importing(hasBackupCodes: true),
            with: brought([[UInt8](repeating: 99, count: 16)]), .no(.alreadyEnrolled)),
        Row(
            "the same, and fewer backup codes than she has", same,
            importing(replaces: true, hasBackupCodes: true),
            with: brought(Array(Given.hashes.dropLast())), .no(.alreadyEnrolled)),
        Row(
            "the same, and backup codes that are all used",
            same.with {
                $0.backupCodes = BackupCodeSet(salt: Given.salt, hashes: [])
            }, importing(replaces: true, hasBackupCodes: true), with: brought(Given.hashes),
            .no(.alreadyEnrolled)),
        Row(
            "the same without backup codes, and some", same.with { $0.backupCodes = nil },
            importing(hasBackupCodes: true), .needs(Preparation(newBackupCodes: true)),
            isEvent: false),
        Row(
            "the same without backup codes, and some that are hashed",
            same.with { $0.backupCodes = nil }, importing(hasBackupCodes: true),
            with: Given.renewed, .accepted(.done),
            after: same.with { $0.backupCodes = Given.newCodes }
                .noted(.backupCodesRenewed, by: .importFactor)),
        Row(
            "the same, and an older step", same.used(upTo: Given.began), importing(step - 1),
            .accepted(.done), after: same.used(upTo: Given.began), isEvent: false),
        Row(
            "the same, and a newer step, whose drift nobody knows",
            same.used(upTo: Given.began, drift: 1), importing(step + 1),
            .accepted(.done), after: same.used(upTo: Given.began + .seconds(30))),
        Row(
            "the same, and a step of the future", same, importing(step + 2),
            .no(
                .badRequest, field: "last_step",
                detail: "a step from 0 to the next one is expected")),
        Row(
            "the same secret with other parameters", same,
            Import(
                secret: Given.newSecret, parameters: codeParameters(.sha1, 8, 30), lastStep: nil,
                replaces: false), .no(.alreadyEnrolled)),
    ]

    private static func brought(_ hashes: [[UInt8]]) -> Prepared {
        Prepared(newBackupCodes: BackupCodeSet(salt: Given.salt, hashes: hashes))
    }

    private static func trying(
        _ lastStep: Int64? = nil, replaces: Bool = false, hasBackupCodes: Bool = false
    ) -> Import {
        Import(
            secret: Given.newSecret, parameters: .standard, lastStep: lastStep, replaces: replaces,
            hasBackupCodes: hasBackupCodes, isDryRun: true)
    }

    static let dryRuns: [Row] = [
        Row(
            "one too many", Given.tooMany, trying(), .no(.tooManyAccounts), isEvent: false),
        Row("another factor", Given.active, trying(), .no(.alreadyEnrolled), isEvent: false),
        Row(
            "a step of the future", Given.unknown, trying(step + 2),
            .no(
                .badRequest, field: "last_step",
                detail: "a step from 0 to the next one is expected"), isEvent: false),
        Row(
            "nobody, with backup codes that nobody hashes", Given.unknown,
            trying(step, hasBackupCodes: true), .accepted(.wouldImport(.enroll)), isEvent: false),
        Row(
            "another factor, to replace", Given.active, trying(replaces: true),
            .accepted(.wouldImport(.replace)), isEvent: false),
        Row(
            "the same, and a newer step", same, trying(step + 1), .accepted(.wouldImport(.keep)),
            isEvent: false),
        Row(
            "the same, to replace", same, trying(replaces: true), .accepted(.wouldImport(.keep)),
            isEvent: false),
        Row(
            "nobody, whose reset left a step of a clock that was ahead", retired, trying(),
            .accepted(.wouldImport(.enroll, behind: .hours(1))), isEvent: false),
        Row(
            "the same person, with backup codes that nobody hashes", retired,
            trying(hasBackupCodes: true),
            .accepted(.wouldImport(.enroll, behind: .hours(1))), isEvent: false),
        Row(
            "the same factor, whose step is ahead", same.used(upTo: Given.now + .hours(1)),
            trying(), .accepted(.wouldImport(.keep, behind: .hours(1))), isEvent: false),
        Row(
            "the same, and backup codes that have to be compared", same,
            trying(hasBackupCodes: true), with: Given.renewed,
            .needs(Preparation(newBackupCodes: true, newCodesSalt: Given.salt)), isEvent: false),
        Row(
            "the same, and none but other backup codes", same, trying(hasBackupCodes: true),
            with: brought([[UInt8](repeating: 99, count: 16)]), .no(.alreadyEnrolled),
            isEvent: false),
    ]

    private static let retired = Given.unknown.with {
        $0.guard.retiredStepBegan = Given.now + .hours(1)
    }

    private static let same = Given.replacing.with { account in
        account.factor = Factor(
            secret: Given.newSecret, parameters: .standard,
            enrolledAt: Instant(seconds: 1_700_000_000))
        account.guard.totp = .waiting
    }

    @Test(arguments: dryRuns) func decidesDryRuns(_ row: Row) { row.check() }
    @Test(arguments: repeated) func decidesImportsDoneAgain(_ row: Row) { row.check() }
    @Test(arguments: resets) func decidesResets(_ row: Row) { row.check() }
    @Test(arguments: unlocks) func decidesUnlocks(_ row: Row) { row.check() }
    @Test(arguments: imports) func decidesImports(_ row: Row) { row.check() }

    @Test("what stands in for an unreadable account is enrolled by nobody")
    func replacement() {
        let stand = Reset.replacement(of: Given.active.name, at: Given.now)
        #expect(stand.factor == nil && stand.pending == nil && stand.backupCodes == nil)
        #expect(stand.guard.retiredStepBegan >= Given.now + .seconds(60))
        let outcome = Reset.ofUnreadable(stand)
        #expect(outcome.answer == .accepted(.done))
        #expect(outcome.account == stand)
        #expect(outcome.isEvent)
    }
}
