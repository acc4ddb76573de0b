// What a random walk should have seen so far, kept in the simplest way: sets, lists and a table. It
// shares only the types of answers with the module.

import Testing

@testable import Accounts

struct WalkModel {
    struct Use: Hashable {
        let secret: Int
        let step: Int64
    }

    /// Every step whose code was ever accepted.
    private(set) var used: Set<Use> = []
    private var newest: [Int: Int64] = [:]
    /// Failures of the TOTP budget since something forgave them.
    private(set) var failures = 0
    private(set) var isLocked = false
    /// Nothing may be compared before this.
    private(set) var notBefore = Instant.distantPast
    private var failedAt = Instant.distantPast
    private var compared: [Instant] = []
    private var usedHashes: Set<[UInt8]> = []

    private static let waits: [Int64] = [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1_920]

    /// What failed later than now, by a clock that was set back since, counts as failed now.
    mutating func settle(at now: Instant) {
        guard failedAt > now else { return }
        notBefore = notBefore + (now - failedAt)
        failedAt = now
    }

    /// A code was looked at: that must have been allowed.
    func expectAllowed(at now: Instant, _ context: String) {
        #expect(!isLocked, "compared though locked: \(context)")
        #expect(now >= notBefore, "compared while waiting: \(context)")
    }

    mutating func fail(at now: Instant) {
        failures += 1
        let wait = failures <= Self.waits.count ? Self.waits[failures - 1] : 3_600
        (notBefore, failedAt) = (now + .seconds(wait), now)
        if failures >= 100 { isLocked = true }
    }

    /// Counts the comparison; in no hour may there be more than eleven between two that forgive.
    mutating func compare(at now: Instant, clockRuns isForward: Bool, _ context: String) {
        compared.append(now)
        guard isForward else { return }
        let hour = compared.count { $0 > now + .seconds(-3_600) }
        #expect(hour <= 11, "\(hour) wrong codes compared in an hour: \(context)")
    }

    mutating func forgive() {
        failures = 0
        (notBefore, failedAt) = (.distantPast, .distantPast)
        compared = []
    }

    mutating func unlock() {
        forgive()
        isLocked = false
    }

    mutating func accept(_ use: Use, _ context: String) {
        #expect(used.insert(use).inserted, "accepted twice: \(context)")
        #expect(use.step > newest[use.secret] ?? .min, "an older step: \(context)")
        newest[use.secret] = use.step
    }

    mutating func accept(hash: [UInt8], _ context: String) {
        #expect(usedHashes.insert(hash).inserted, "a backup code accepted twice: \(context)")
    }
}
