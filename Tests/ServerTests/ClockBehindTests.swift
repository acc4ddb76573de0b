// `health` says that the clock was set back for as long as it keeps somebody out, and no longer.

import Accounts
import OneTimeCodes
import Secrets
import Store
import Testing

@testable import Server

@Suite struct ClockBehindReasonTests {
    private static let now = Instant(seconds: 1_800_000_000)

    @Test("until the clock has caught up")
    func caughtUp() {
        var behind = ClockBehind()
        #expect(!behind.isSo(at: Self.now))
        behind.note(.seconds(100), at: Self.now)
        behind.note(.seconds(70), at: Self.now)
        #expect(behind.isSo(at: Self.now + .seconds(99)))
        #expect(!behind.isSo(at: Self.now + .seconds(100)))
    }

    @Test("not for a person who does not ask any more")
    func window() {
        var behind = ClockBehind()
        behind.note(.days(365), at: Self.now)
        #expect(behind.isSo(at: Self.now + .hours(6) - .seconds(1)))
        #expect(!behind.isSo(at: Self.now + .hours(6)))
    }

    @Test("a clock that is set back once more is still behind")
    func again() {
        var behind = ClockBehind()
        behind.note(.seconds(100), at: Self.now)
        #expect(behind.isSo(at: Self.now - .days(9)))
    }

    @Test("is what an admin hears once somebody was refused for it")
    func heard() throws {
        let server = try TestServer()
        let admin = try server.connectAsAdmin()
        let health = #"{"op":"health"}"#
        #expect(try !admin.ask(health).contains("clock_behind"))

        let ahead = server.now + .hours(1)
        let name = try #require(AccountName(app: .standard, user: "ada"))
        let bring = Import(
            secret: try #require(Base32.decode(usualSecret)), parameters: .standard,
            lastStep: TOTP.step(at: ahead.seconds, period: 30), replaces: false)
        let label = EventLabel(op: "import", peer: Peer(uid: 0, pid: 1))
        let change = AccountChange(
            name: name, id: server.store.id(of: name), operation: bring, now: ahead,
            under: .standard, label: label)
        _ = try server.store.apply([.account(change)])

        let verify = #"{"op":"verify","user":"ada","code":"\#(try server.code())"}"#
        #expect(brief(try server.connect().ask(verify)) == "clock_behind")
        #expect(try admin.ask(health).contains(#""clock_behind""#))
    }
}
