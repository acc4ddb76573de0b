// Stores that the first and the last code of format 6 left, as a crash would: what was spent of a
// limit stays spent, and what a wrong code left of a name stays counted.

import Accounts
import Foundation
import LMDBStore
import Scratch
import Secrets
import Store
import StoreHarness
import StoreWorkload
import Testing

@Suite("A fixture of format 6")
struct LimitFixtureTests {
    private static let names = ["store-6-first", "store-6-last"]

    private func subject(_ name: String) throws -> Subject {
        let directory = try TemporaryDirectory()
        let source = Fixtures.folder.appending(path: name)
        let (_, ring) = try StoreFixture.copied(source, into: directory, as: "state")
        return try Subject(in: directory, ring: ring, logSize: StoreFixture.logSize)
    }

    @Test("has limits of which as much is spent as was", arguments: names)
    func limits(_ name: String) throws {
        let subject = try subject(name)
        for _ in 0..<2 {
            try #expect(subject.store.check().problems == [])
            let (shop, blog) = (try limitKey("login"), try limitKey("login", app: "blog"))
            let asked = [
                shop.change(.peek(3), max: 5, in: subject.store),
                shop.change(.peek(2), max: 5, in: subject.store),
                blog.change(.peek(1), max: 5, in: subject.store),
            ]
            try #expect(subject.briefs(asked) == ["throttled", "ok", "throttled"])
            try subject.reopen()
        }
        // Whose they are is known once something of them changes.
        var counts = try self.counts(subject)
        #expect(counts.byApp == [:] && counts.ofUnknown == 3 && counts.unreadable == 0)
        let shop = try limitKey("login")
        try #expect(subject.briefs([shop.change(max: 5, in: subject.store)]) == ["ok"])
        counts = try self.counts(subject)
        let app = try #require(AppName("shop"))
        #expect(counts.byApp == [app: 1] && counts.ofUnknown == 2)
        try subject.expectSound()
        subject.close()
    }

    private func counts(_ subject: Subject) throws -> LimitKeyCounts {
        var counts = LimitKeyCounts()
        try counts.add(subject.store.limits(after: nil, atMost: 100), at: Clock.start)
        return counts
    }

    @Test("has a record of a name alone, which counts for its app, and of which a check is glad")
    func nameAlone() throws {
        let subject = try subject("store-6-last")
        let guessed = try Person("guessed")
        for _ in 0..<2 {
            let accounts = try subject.store.apps(after: nil, atMost: 10).apps
            #expect(accounts.map(\.accounts) == [1])
            let account = try #require(try subject.store.accounts(of: [guessed.name])[0])
            #expect(account.factor == nil && account.pending == nil)
            #expect(account.guard.totp.consecutiveFailures == 1)
            try subject.expectSound()
            try subject.reopen()
        }
        subject.close()
    }
}
