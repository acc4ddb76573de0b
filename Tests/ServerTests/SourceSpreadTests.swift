// When codes that all come from one place say that a proxy hides its clients: not at a desk, not of
// many places, and no longer once one comes from elsewhere.

import Accounts
import Testing

@testable import Server

@Suite("Where an app's codes come from")
struct SourceSpreadTests {
    private static let now = Instant(seconds: 1_767_225_600)

    private static func name(_ user: Int, _ app: AppName = .standard) throws -> AccountName {
        try #require(AccountName(app: app, user: "user \(user)"))
    }

    private func spread(
        of codes: Int, accounts: Int, from source: (Int) -> String
    ) throws -> SourceSpread {
        var spread = SourceSpread()
        for number in 0..<codes {
            let sent = try #require(Source(source(number)))
            try spread.note(sent, of: Self.name(number % accounts), at: Self.now)
        }
        return spread
    }

    @Test("is one place from the sixteenth code and the third account on")
    func limits() throws {
        #expect(!SourceSpread().isOne(at: Self.now))
        #expect(try !spread(of: 15, accounts: 15) { _ in "127.0.0.1" }.isOne(at: Self.now))
        #expect(try spread(of: 16, accounts: 3) { _ in "127.0.0.1" }.isOne(at: Self.now))
        #expect(try !spread(of: 100, accounts: 2) { _ in "127.0.0.1" }.isOne(at: Self.now))
    }

    @Test(
        "is one place in whatever form it is written, private or no address at all",
        arguments: [
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
            "169.254.1.1", "::1", "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1", "unix:", "unknown",
        ])
    func places(_ place: String) throws {
        #expect(try spread(of: 16, accounts: 16) { _ in place }.isOne(at: Self.now))
    }

    @Test(
        "says nothing of addresses on the Internet, however often they come",
        arguments: [
            "203.0.113.7", "172.32.0.1", "100.128.0.1", "11.0.0.1", "2001:db8::1",
            "64:ff9b::cb00:7107",
        ])
    func elsewhere(_ place: String) throws {
        #expect(try !spread(of: 100, accounts: 16) { _ in place }.isOne(at: Self.now))
    }

    @Test("is one place with a port that is another each time, and not with many addresses")
    func ports() throws {
        #expect(try spread(of: 16, accounts: 16) { "10.0.0.1:\(40_000 + $0)" }.isOne(at: Self.now))
        #expect(try !spread(of: 100, accounts: 16) { "10.0.0.\($0)" }.isOne(at: Self.now))
        #expect(try !spread(of: 100, accounts: 16) { "session \($0)" }.isOne(at: Self.now))
    }

    @Test("is forgotten with the first code from elsewhere, and kept apart by app")
    func mended() throws {
        var spread = try spread(of: 16, accounts: 16) { _ in "127.0.0.1" }
        let shop = try #require(AppName("shop"))
        let outside = try #require(Source("203.0.113.7"))
        try spread.note(outside, of: Self.name(1, shop), at: Self.now)
        #expect(spread.isOne(at: Self.now))
        try spread.note(outside, of: Self.name(1), at: Self.now)
        #expect(!spread.isOne(at: Self.now))
    }

    @Test("is forgotten when the app does not say it any more, or sends no codes for a day")
    func ended() throws {
        var spread = try spread(of: 16, accounts: 16) { _ in "127.0.0.1" }
        let day = Duration.hours(24)
        #expect(spread.isOne(at: Self.now + day - Duration(milliseconds: 1)))
        #expect(!spread.isOne(at: Self.now + day))
        // A clock that was set back since tells nothing.
        #expect(!spread.isOne(at: Self.now - .seconds(1)))
        try spread.note(nil, of: Self.name(1), at: Self.now)
        #expect(!spread.isOne(at: Self.now))
    }
}
