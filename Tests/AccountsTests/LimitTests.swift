// The table of `limit`: its refusals in the order of precedence, then what it lets through.

import Testing

@testable import Accounts

struct LimitRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let before: LimitBucket
    let limit: Limit
    let answer: Result<LimitStatus, Refusal>
    /// Nil when nothing may change.
    let after: LimitBucket?

    init(
        _ name: String, _ before: LimitBucket, _ limit: Limit,
        _ answer: Result<LimitStatus, Refusal>,
        after: LimitBucket? = nil
    ) {
        (testDescription, self.before, self.limit) = (name, before, limit)
        (self.answer, self.after) = (answer, after)
    }
}

@Suite struct LimitTests {
    private static let now = Given.now
    private static let rule = LimitPolicy(max: 5, per: .seconds(60))
    private static let given = Limit.Rule.given(rule)
    private static let policy = AppPolicy(limits: ["login": rule])
    private static let mine: UInt64 = 7

    /// A bucket in which this key gets everything back after so many seconds.
    private static func spent(_ seconds: Int64, parts: UInt32 = 5) -> LimitBucket {
        bucket([(mine, seconds)], parts: parts)
    }

    private static func bucket(_ keys: [(UInt64, Int64)], parts: UInt32 = 5) -> LimitBucket {
        let entries = keys.compactMap { tag, seconds in
            LimitState(
                emptyAt: now + .seconds(seconds), part: 0, parts: parts, spentAt: now
            ).map {
                LimitBucket.Entry(tag: tag, state: $0)
            }
        }
        guard let bucket = LimitBucket(entries), entries.count == keys.count else {
            preconditionFailure("a test's own bucket is well formed")
        }
        return bucket
    }

    private static let full = bucket((100..<132).map { ($0, 90) })

    private static func no(_ name: ErrorName, _ wait: Int64) -> Result<LimitStatus, Refusal> {
        .failure(Refusal(name, retryAfter: .seconds(wait)))
    }

    private static func bad(_ field: String, _ detail: String) -> Result<LimitStatus, Refusal> {
        .failure(Refusal(.badRequest, field: field, detail: detail))
    }

    private static func yes(_ remaining: Int, _ reset: Int64) -> Result<LimitStatus, Refusal> {
        .success(LimitStatus(remaining: remaining, resetAfter: .seconds(reset)))
    }

    static let refusals = [
        LimitRow(
            "no limit of that name", spent(60), Limit(.spend(9), under: .named("sms")),
            bad("name", "the configuration has no such limit")),
        LimitRow(
            "no limit of that name to reset", spent(60), Limit(.reset, under: .named("sms")),
            bad("name", "the configuration has no such limit")),
        LimitRow(
            "a cost above max, of a named limit", spent(60),
            Limit(.spend(6), under: .named("login")),
            bad("cost", "more than the limit lets through at once")),
        LimitRow(
            "a cost above max, looked at", spent(60), Limit(.peek(6), under: given),
            bad("cost", "more than the limit lets through at once")),
        LimitRow("all spent", spent(60), Limit(.spend(1), under: given), no(.throttled, 12)),
        LimitRow(
            "all spent, of a named limit", spent(60), Limit(.spend(1), under: .named("login")),
            no(.throttled, 12)),
        LimitRow(
            "all spent, looked at", spent(60), Limit(.peek(1), under: given), no(.throttled, 12)),
        LimitRow(
            "less left than it costs", spent(36), Limit(.spend(3), under: given), no(.throttled, 12)
        ),
        LimitRow(
            "all of it, and a little is spent", spent(1), Limit(.spend(5), under: given),
            no(.throttled, 1)),
        LimitRow("a second short", spent(49), Limit(.spend(1), under: given), no(.throttled, 1)),
        LimitRow(
            "no room for a new key", full, Limit(.spend(1), under: given), no(.tooManyKeys, 90)),
        LimitRow(
            "no room for a new key, looked at", full, Limit(.peek(1), under: given),
            no(.tooManyKeys, 90)),
    ]

    static let answers = [
        LimitRow(
            "a new key", LimitBucket(), Limit(.spend(1), under: given), yes(4, 12), after: spent(12)
        ),
        LimitRow(
            "a new key, all at once", LimitBucket(), Limit(.spend(5), under: given), yes(0, 60),
            after: spent(60)),
        LimitRow(
            "just enough came back", spent(48), Limit(.spend(1), under: given), yes(0, 60),
            after: spent(60)),
        LimitRow(
            "all came back", spent(0), Limit(.spend(2), under: given), yes(3, 24),
            after: spent(24)),
        LimitRow(
            "long ago", spent(-99), Limit(.spend(2), under: given), yes(3, 24),
            after: spent(24)),
        LimitRow(
            "by its name", spent(12), Limit(.spend(2), under: .named("login")), yes(2, 36),
            after: spent(36)),
        LimitRow("a look", spent(12), Limit(.peek(1), under: given), yes(4, 12)),
        LimitRow("a look at a new key", LimitBucket(), Limit(.peek(5), under: given), yes(5, 0)),
        LimitRow(
            "beside others, of which some are over", bucket([(1, -1), (2, 5), (mine, 12), (3, 0)]),
            Limit(.spend(1), under: given), yes(3, 24), after: bucket([(2, 5), (mine, 24)])),
        LimitRow(
            "in a full bucket where it has its place", bucket((0..<32).map { ($0, 12) }),
            Limit(.spend(1), under: given), yes(3, 24),
            after: bucket((0..<32).filter { $0 != mine }.map { ($0, 12) } + [(mine, 24)])),
        LimitRow(
            "a reset", bucket([(1, 9), (mine, 60)]), Limit(.reset, under: given), yes(5, 0),
            after: bucket([(1, 9)])),
        LimitRow("a reset of nothing", full, Limit(.reset, under: given), yes(5, 0)),
    ]

    @Test(arguments: refusals + answers) func decides(_ row: LimitRow) {
        let outcome = row.limit.decide(row.before, Self.mine, at: Self.now, under: Self.policy)
        #expect(outcome.answer == row.answer)
        #expect(outcome.bucket == row.after ?? row.before)
        let again = row.limit.decide(row.before, Self.mine, at: Self.now, under: Self.policy)
        #expect(again == outcome, "a decision is a function of what it is given")
    }
}
