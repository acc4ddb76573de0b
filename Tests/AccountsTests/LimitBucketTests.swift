// What keys share a record: none of them ever loses its count to another, and how many an app may
// have before a new one is refused.

import Foundation
import Secrets
import Testing

@testable import Accounts

@Suite struct LimitBucketTests {
    private static let now = Instant(seconds: 1_800_000_000)

    private func spent(_ seconds: Int64) throws -> LimitState {
        try #require(LimitState(emptyAt: Self.now + .seconds(seconds), part: 0, parts: 1))
    }

    private func full() throws -> LimitBucket {
        try (0..<LimitBucket.capacity).reduce(LimitBucket()) { bucket, index in
            try #require(
                bucket.with(try spent(Int64(100 + index)), of: UInt64(index), at: Self.now))
        }
    }

    @Test("takes in as many keys as it has room for, and then says how long the next one waits")
    func capacity() throws {
        let full = try full()
        #expect(full.entries.count == LimitBucket.capacity)
        #expect(full.waitForRoom(99, at: Self.now) == .seconds(100))
        #expect(full.waitForRoom(31, at: Self.now) == nil, "one that is there has room")
        let nearly = full.without(5, at: Self.now)
        #expect(nearly.waitForRoom(99, at: Self.now) == nil)
        #expect(full.with(try spent(500), of: 99, at: Self.now) == nil, "it never grows")
    }

    @Test("what is over makes room, and vanishes with the next change")
    func expiry() throws {
        let full = try full()
        let then = Self.now + .seconds(100)
        #expect(full.waitForRoom(99, at: then + Duration(milliseconds: -1)) != nil)
        #expect(full.waitForRoom(99, at: then) == nil)
        let then120 = Self.now + .seconds(120)
        let later = try #require(full.with(try spent(500), of: 99, at: then120))
        #expect(later.entries.map(\.tag) == Array(21..<32) + [99])
        #expect(!later.isOver(at: Self.now + .seconds(499)))
        #expect(later.isOver(at: Self.now + .seconds(500)))
        #expect(later.without(99, at: Self.now + .seconds(500)).isEmpty)
    }

    @Test("more than it may hold is no bucket")
    func impossible() throws {
        let entries = try (0...LimitBucket.capacity).map {
            LimitBucket.Entry(tag: UInt64($0), state: try spent(1))
        }
        #expect(LimitBucket(entries) == nil)
        #expect(LimitBucket(entries.dropLast()) != nil)
    }

    /// Keys fall into buckets by a keyed hash, so their numbers are Poisson's.
    private static func shareFull(keys: Double) -> Double {
        let mean = keys / Double(LimitAddress.bucketsOfApp)
        var (term, below) = (exp(-mean), 0.0)
        for count in 0..<LimitBucket.capacity {
            below += term
            term *= mean / Double(count + 1)
        }
        return 1 - below
    }

    @Test("how many new keys find no room: the figures of protocol.md")
    func arithmetic() {
        #expect(Self.shareFull(keys: 500_000) < 1e-10)
        #expect(Self.shareFull(keys: 750_000) < 1 / 2_000_000)
        #expect((1 / 8_500...1 / 8_000).contains(Self.shareFull(keys: 1_000_000)))
        #expect((0.04...0.05).contains(Self.shareFull(keys: 1_500_000)))
        #expect(LimitAddress.bucketsOfApp * LimitBucket.capacity == 2_097_152)
    }

    // MARK: Keys

    private static let indexKey = HMACKey(SecretBytes([UInt8](0..<32)))

    private func address(_ key: LimitKey) -> LimitAddress {
        LimitAddress(key, indexKey: Self.indexKey)
    }

    @Test("keys that differ in anything are apart, and so are limits, sources and accounts")
    func addresses() throws {
        let shop = try #require(AppName("shop"))
        let other = try #require(AppName("shop2"))
        let here = IPAddress("10.0.0.1")
        func limit(_ app: AppName, _ name: String?, _ key: String?, _ at: IPAddress? = nil)
            -> LimitKey
        {
            LimitKey(app: app, name: name, key: key, address: at)
        }
        let keys = [
            limit(shop, nil, "a"), limit(other, nil, "a"), limit(shop, nil, "b"),
            limit(shop, "a", "a"), limit(shop, "a", nil, here), limit(shop, nil, "a", here),
            limit(shop, nil, "aa"), limit(shop, "aa", "a"), limit(shop, "a", "aa"),
            limit(shop, nil, "10.0.0.1"), limit(shop, nil, nil, here),
            limit(shop, nil, "2a", here), limit(shop, nil, "é"), limit(shop, nil, "e\u{301}"),
            LimitKey(app: shop, source: source("a"), ipv6PrefixBits: 64),
            LimitKey(app: other, source: source("a"), ipv6PrefixBits: 64),
            LimitKey(app: shop, source: source("10.0.0.1"), ipv6PrefixBits: 64),
        ]
        let addresses = keys.map(address)
        #expect(Set(addresses.map(\.tag)).count == keys.count)
        #expect(Set(addresses).count == keys.count)
        // Another app's key is in another bucket, always: no flood of one fills the other's.
        let mine = (0..<2_000).map { address(limit(shop, nil, "\($0)")).bucket }
        let theirs = (0..<2_000).map { address(limit(other, nil, "\($0)")).bucket }
        let sources = (0..<2_000).map {
            address(LimitKey(app: shop, source: source("\($0)"), ipv6PrefixBits: 64)).bucket
        }
        #expect(Set(mine).isDisjoint(with: theirs) && Set(mine).isDisjoint(with: sources))
        // And an app's buckets are as many as there should be, and no more.
        #expect(Set(mine).count < 2_000 && Set(mine).count > 1_900)
    }

    @Test("the addresses of one host are one source, and so is whatever else an app sends")
    func sources() throws {
        let shop = try #require(AppName("shop"))
        func source(_ text: String, _ bits: Int = 64) -> LimitAddress {
            let sent = AccountsTests.source(text)
            return address(LimitKey(app: shop, source: sent, ipv6PrefixBits: bits))
        }
        #expect(source("2001:db8::1") == source("2001:db8:0:0:ffff::"))
        #expect(source("2001:db8::1") != source("2001:db8:0:1::1"))
        #expect(source("2001:db8::1", 128) != source("2001:db8::2", 128))
        #expect(source("203.0.113.7") == source("::ffff:203.0.113.7"))
        #expect(source("203.0.113.7") != source("203.0.113.8"))
        #expect(source("203.0.113.7:4711") == source("203.0.113.7:4712"))
        #expect(source("64:ff9b:1::1", 32) != source("64:ff9b:1::2", 32))
        #expect(source("session 1") != source("session 2"))
    }
}
