// Which sources are told of as spent: none that has a guess left, all that have none, and whether
// events that could count were passed over. And whose requests are counted for which app.

import Testing
import Wire

import class StoreHarness.MemoryStore

@testable import Accounts
@testable import Server
@testable import Store

@Suite("Sources that are spent")
struct SourcesTests {
    private static let start = Instant(seconds: 1_767_225_600)
    private static let policy = SourcePolicy()
    private let store = MemoryStore()

    /// Refused at these moments, one after the other: each is an event, whatever it came to.
    private func refuse(_ source: String, at moments: [Instant]) throws {
        let sent = try #require(Source(source))
        for (index, now) in moments.enumerated() {
            let name = try #require(AccountName(app: .standard, user: "user \(source) \(index)"))
            let change = AccountChange(
                name: name, id: store.id(of: name), operation: Wrong(), now: now,
                under: .standard,
                label: EventLabel(op: "verify", peer: Peer(uid: 0, pid: 1), source: source),
                source: address(of: sent), mayOmitEvent: true)
            _ = try store.apply([.account(change)])
        }
    }

    private struct Wrong: Accounts.Operation {
        func decide(
            _ account: Account, at now: Instant, under policy: AppPolicy, with prepared: Prepared
        ) -> Outcome {
            Outcome(account, .refused(Refusal(.wrongCode)))
        }
    }

    private func address(of source: Source) -> LimitAddress {
        store.address(of: LimitKey(app: .standard, source: source, ipv6PrefixBits: 64))
    }

    private func search(
        at now: Instant, startedAt: Instant = .distantPast, last: UInt64? = nil
    ) throws -> SourcesSearch {
        let (store, policy) = (store, Self.policy)
        var search = SourcesSearch(
            of: .standard, at: now, under: policy, last: last ?? store.lastEvent,
            startedAt: startedAt
        ) { source in
            store.address(of: LimitKey(app: .standard, source: source, ipv6PrefixBits: 64))
        }
        while !search.isDone { try search.look(into: store) }
        return search
    }

    private static func moments(_ count: Int, from start: Instant = start) -> [Instant] {
        (0..<count).map { start + Duration(milliseconds: Int64($0)) }
    }

    @Test("are those with as many wrong codes in their time as they may have")
    func candidates() throws {
        try refuse("203.0.113.1", at: Self.moments(49))
        try refuse("203.0.113.2", at: Self.moments(50))
        let now = Self.start + .seconds(1)
        let found = try search(at: now)
        #expect(found.candidates.map(\.1.text) == ["203.0.113.2"])
        #expect(found.isWhole && found.since == now - .seconds(600))
        let late = try search(at: Self.start + .seconds(601))
        #expect(late.candidates.isEmpty && late.isWhole)
    }

    @Test("are found by one of their names, whichever they had")
    func names() throws {
        for number in 0..<50 {
            try refuse("[2001:db8::\(number)]:\(40_000 + number)", at: Self.moments(1))
        }
        let found = try search(at: Self.start + .seconds(1)).candidates
        #expect(found.map(\.1.text) == ["[2001:db8::49]:40049"])
    }

    @Test("are not known to be all when events of wrong codes were left out")
    func omitted() throws {
        // Of made-up users, from so many places that none is spent: ten thousand at once, and then
        // one a second.
        for number in 0...10_000 {
            try refuse("10.0.\(number / 256).\(number % 256)", at: [Self.start])
        }
        let now = Self.start + .seconds(1)
        let found = try search(at: now)
        #expect(!found.isWhole && found.since == now - .seconds(600))
        #expect(try search(at: Self.start + .seconds(600)).isWhole)
        #expect(try !search(at: Self.start + .seconds(599)).isWhole)
    }

    @Test("are not known to be all when a start may have forgotten what was left out")
    func started() throws {
        try refuse("203.0.113.1", at: Self.moments(1))
        let (now, most) = (Self.start + .seconds(600), UInt64(10_000))
        // Of fewer events than an app has at once none was left out.
        #expect(try search(at: now, startedAt: now, last: most - 1).isWhole)
        #expect(try !search(at: now, startedAt: now, last: most).isWhole)
        #expect(try !search(at: now, startedAt: Self.start + .seconds(1), last: most).isWhole)
        #expect(try search(at: now, startedAt: Self.start, last: most).isWhole)
    }

    @Test("of an empty store are none, and that is whole")
    func nothing() throws {
        let found = try search(at: Self.start)
        #expect(found.candidates.isEmpty && found.isWhole)
    }
}

@Suite("Requests by app")
struct RequestCountsTests {
    @Test("are those that its clients have asked; an admin's are in the sum alone")
    func byApp() throws {
        let shop = try #require(AppName("shop"))
        var counts = RequestCounts()
        counts.count(.verify, .verified(Verified(.totp, backupCodesLeft: 0), device: nil), of: shop)
        counts.count(.verify, .refused(Refusal(.wrongCode)), of: .standard)
        counts.count(.verify, .refused(Refusal(.wrongCode)), of: nil)
        counts.count(nil, .refused(Refusal(.badRequest)), of: shop)
        #expect(
            counts.rows == [
                RequestCount(op: "verify", result: "ok", count: 1),
                RequestCount(op: "verify", result: "wrong_code", count: 2),
                RequestCount(op: "none", result: "bad_request", count: 1),
            ])
        #expect(
            counts.rowsByApp == [
                shop: [
                    RequestCount(op: "verify", result: "ok", count: 1),
                    RequestCount(op: "none", result: "bad_request", count: 1),
                ],
                .standard: [RequestCount(op: "verify", result: "wrong_code", count: 1)],
            ])
    }
}
