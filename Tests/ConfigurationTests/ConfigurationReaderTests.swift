// Shows that each setting arrives, that its bounds hold, and that whatever is wrong is named with
// its line. The syntax is another test's matter.

import Accounts
import Foundation
import OneTimeCodes
import Testing

@testable import Configuration

@Suite struct ConfigurationReaderTests {
    static let names = UnixNames(
        uid: { ["www-data": 33, "shop": 1001, "nobody": 65_534][$0] },
        gid: { ["web": 2001, "nogroup": 65_534][$0] })

    private func read(_ text: String) throws(ConfigurationRefusal) -> Configuration {
        try ConfigurationReader.read(Array(text.utf8), names: Self.names)
    }

    private func faults(_ text: String) -> [String] {
        do throws(ConfigurationRefusal) {
            _ = try read(text)
            return []
        } catch {
            return error.faults.map { "\($0.line ?? 0): \($0.reason)" }
        }
    }

    private static let full = """
        [app.shop]
        issuer = "Example Shop"
        users = ["www-data", "shop"]
        groups = ["web"]
        algorithm = "SHA256"
        digits = 8
        period = 60
        accounts_max = 1_000
        require = true
        allow_short = true
        drift_max = 12
        connections_max = 64
        [app.shop.throttle]
        free_failures = 3
        wait_min = 60
        wait_max = 900
        failures_max = 20
        [app.shop.devices]
        days = 0
        max = 3
        [app.shop.source]
        max = 20
        per = 300
        ipv6_prefix = 56
        [app.shop.limits.login]
        max = 5
        per = 60
        [app.shop.limits]
        mail = { max = 1, per = 3600 }
        [events]
        keep_days = 90
        keep_gib = 2
        [journal]
        users = "hash"
        """

    @Test("every setting arrives where it belongs")
    func everything() throws {
        let read = try read(Self.full)
        let name = try #require(AppName("shop"))
        let shop = try #require(read.apps[name])
        #expect(shop.users == [33, 1001] && shop.groups == [2001] && shop.connectionsMax == 64)
        let policy = shop.policy
        #expect(policy.issuer == "Example Shop" && policy.accountsMax == 1_000)
        #expect(policy.requiresFactor && policy.allowsShortSecrets && policy.driftMax == 12)
        #expect(
            policy.parameters == CodeParameters(algorithm: .sha256, digits: 8, period: 60))
        var throttle = ThrottlePolicy()
        throttle.freeFailures = 3
        throttle.waitMin = .seconds(60)
        throttle.waitMax = .minutes(15)
        throttle.failuresMax = 20
        #expect(policy.throttle == throttle)
        #expect(!policy.devices.isOn && policy.devices.max == 3)
        #expect(policy.source.max == 20 && policy.source.per == .minutes(5))
        #expect(policy.source.ipv6PrefixBits == 56)
        #expect(
            policy.limits == [
                "login": LimitPolicy(max: 5, per: .minutes(1)),
                "mail": LimitPolicy(max: 1, per: .hours(1)),
            ])
        #expect(read.eventLifetime == .days(90) && read.journalUsers == .hash)
        #expect(read.eventBytesMax == 2 << 30)
    }

    @Test("what is not said is the default")
    func defaults() throws {
        #expect(try read("") == .standard)
        let read = try read("[app.shop]\n[app.shop.limits]\n[app.shop.throttle]")
        let name = try #require(AppName("shop"))
        #expect(read.apps == [name: .standard])
        #expect(read.policy(of: .standard) == .standard)
        #expect(AppPolicy.standard.parameters == .standard && AppPolicy.standard.issuer == nil)
        #expect(AppPolicy.standard.accountsMax == 100_000_000)
    }

    /// A setting below a header, with the smallest and the greatest number it may be.
    private static let numbers: [(String, Int, Int)] = [
        ("[app.a]\ndigits", 6, 8), ("[app.a]\nperiod", 15, 60),
        ("[app.a]\naccounts_max", 1, 100_000_000), ("[app.a]\nconnections_max", 1, 10_240),
        ("[app.a]\ndrift_max", 0, 50),
        ("[app.a.throttle]\nfree_failures", 3, 10), ("[app.a.throttle]\nwait_min", 30, 300),
        ("[app.a.throttle]\nwait_max", 900, 3600), ("[app.a.throttle]\nfailures_max", 20, 100),
        ("[app.a.devices]\ndays", 0, 90), ("[app.a.devices]\nmax", 1, 20),
        ("[app.a.source]\nmax", 1, 1_000_000), ("[app.a.source]\nper", 1, 2_592_000),
        ("[app.a.source]\nipv6_prefix", 32, 128), ("[app.a.limits.l]\nper = 1\nmax", 1, 1_000_000),
        ("[app.a.limits.l]\nmax = 1\nper", 1, 2_592_000), ("[events]\nkeep_days", 1, 3650),
        ("[events]\nkeep_gib", 1, 128),
    ]

    @Test("each number has its bounds: one below, at, and one above", arguments: Self.numbers)
    func bounds(_ setting: String, _ least: Int, _ most: Int) {
        #expect(faults("\(setting) = \(least)") == [])
        #expect(faults("\(setting) = \(most)") == [])
        for number in [least - 1, most + 1] {
            let faults = faults("\(setting) = \(number)")
            #expect(faults.count == 1)
            let expected = "\(number) is out of range; a whole number from \(least) to \(most)"
            #expect(faults.first?.contains(expected) == true, "\(faults)")
        }
        #expect(faults("\(setting) = \"\(least)\"").first?.contains("a string is given") == true)
    }

    /// A text, and all that is said of it.
    private static let wrong: [(String, [String])] = [
        (
            "[app.a]\nthrottel = 1\n",
            [
                "2: app.a.throttel: there is no such setting; one of issuer, users, groups, "
                    + "algorithm, digits, period, accounts_max, connections_max, require, "
                    + "allow_short, drift_max, throttle, devices, source, limits is expected"
            ]
        ),
        (
            "apps = 1\n[event]\n",
            [
                "1: apps: there is no such setting; one of app, events, journal is expected",
                "2: event: there is no such setting; one of app, events, journal is expected",
            ]
        ),
        (
            "[app.a]\nusers = [\"www-data\",\n  \"nosuch\"]\ngroups = \"web\"",
            [
                "3: app.a.users: there is no Unix user 'nosuch'; one of this host is expected",
                "4: app.a.groups: a string is given; a list such as [\"group\"] is expected",
            ]
        ),
        (
            "[app.a]\nusers = [\"nobody\"]\ngroups = [\"nogroup\"]",
            [
                "2: app.a.users: 'nobody' is not accepted: the kernel gives this name to "
                    + "everybody whom it cannot name",
                "3: app.a.groups: 'nogroup' is not accepted: the kernel gives this name to "
                    + "everybody whom it cannot name",
            ]
        ),
        (
            "[app.a]\nusers = [1]",
            [
                "2: app.a.users: an integer is given; the name of a Unix user is expected"
            ]
        ),
        (
            "[app.a]\nalgorithm = \"sha1\"",
            [
                "2: app.a.algorithm: 'sha1' is not accepted; one of SHA1, SHA256, SHA512 is "
                    + "expected"
            ]
        ),
        (
            "[app.a]\nissuer = \"a:b\"",
            [
                "2: app.a.issuer: 'a:b' is not accepted; 1 to 64 bytes without a colon or control "
                    + "characters is expected"
            ]
        ),
        ("[app]\nshop = 1", ["2: app.shop: an integer is given; a table, [app.shop], is expected"]),
        (
            "[app.Shop]",
            [
                "1: app.Shop: 'Shop' is not a valid name; 1 to 32 of a-z 0-9 . _ - are expected"
            ]
        ),
        ("[app.a.limits.x]\nmax = 1", ["1: app.a.limits.x: 'per' is missing; it has no default"]),
        (
            "[app.a.limits.'a b']\nmax = 1\nper = 1",
            [
                "1: app.a.limits.a b: 'a b' is not a valid name; "
                    + "1 to 64 of A-Z a-z 0-9 . _ - are expected"
            ]
        ),
        (
            "[journal]\nusers = \"all\"",
            [
                "2: journal.users: 'all' is not accepted; one of none, hash, name is expected"
            ]
        ),
        (
            "[app.a]\nconnections_max = 10_239\n[app.b]\n[app.c]\nconnections_max = 1",
            [
                "5: app.c.connections_max: all apps together ask for 10241 connections; "
                    + "10240 at most are expected"
            ]
        ),
        ("\n[app.a", ["2: ']' is expected after the table's name"]),
    ]

    @Test("what is wrong is said, all of it, in order", arguments: Self.wrong)
    func refusals(_ text: String, _ expected: [String]) {
        #expect(faults(text) == expected)
    }

    /// The example of the project, as it is and with every default spelt out.
    @Test("the example says what holds without it")
    func example() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let path = folder.appending(path: "systemd/totpd.toml.example")
        let text = try String(contentsOf: path, encoding: .utf8)
        let spelt = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("#") && $0.contains(" = ") ? $0.dropFirst() : $0 }
            .joined(separator: "\n")
        #expect(spelt.contains("\nkeep_days = 400") && spelt.contains("\nkeep_gib = 8"))
        for text in [text, spelt] {
            let read = try read(text)
            let policy = read.policy(of: .standard)
            #expect(policy.issuer == "Example" && Set(policy.limits.keys) == ["login"])
            #expect(policy.throttle == .standard && policy.devices == .standard)
            #expect(policy.source == .standard && policy.parameters == .standard)
            #expect(policy.accountsMax == AppPolicy.standard.accountsMax)
            #expect(read.eventLifetime == Configuration.standard.eventLifetime)
            #expect(read.eventBytesMax == Configuration.standard.eventBytesMax)
            #expect(read.journalUsers == .none && read.apps.count == 1)
        }
    }

    @Test("the issuer: 64 bytes, and one more")
    func issuer() {
        let long = String(repeating: "é", count: 32)
        #expect(faults("[app.a]\nissuer = \"\(long)\"") == [])
        #expect(faults("[app.a]\nissuer = \"\(long)x\"").count == 1)
        #expect(faults("[app.a]\nissuer = \"\"").count == 1)
        #expect(faults("[app.a]\nissuer = \"a\\u0007\"").count == 1)
    }

    @Test("a fault repeats no control character and no long text")
    func shown() {
        let faults = faults("[app.a]\n\"\\u001b[2J\(String(repeating: "x", count: 500))\" = 1")
        #expect(faults.count == 1 && faults.allSatisfy { $0.utf8.count < 300 })
        #expect(faults.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 } })
    }
}
