// In which forms web servers, proxies and runtimes write an address, which host each is of, and
// what only begins as one. A host that is two sources has twice the guesses.

import Testing

@testable import Accounts

@Suite struct SourceTests {
    /// Each line is one host.
    static let hosts: [[String]] = [
        [
            // nginx, Apache; Go's RemoteAddr, Azure's gateway; a dual-stack socket.
            "203.0.113.7", "203.0.113.7:4711", "203.0.113.7:65535", "203.0.113.7:0",
            "::ffff:203.0.113.7", "::FFFF:cb00:7107", "[::ffff:203.0.113.7]:4711",
            // NAT64, the first SIIT, 6to4, Teredo and IPv4-compatible addresses.
            "64:ff9b::203.0.113.7", "64:ff9b::cb00:7107", "[64:ff9b::cb00:7107]:80",
            "::ffff:0:203.0.113.7", "2002:cb00:7107::1", "2002:cb00:7107:ffff::1",
            "2001:0:4136:e378:8000:63bf:34ff:8ef8", "2001::1:2:3:34ff:8ef8", "::203.0.113.7",
        ],
        ["203.0.113.8", "64:ff9b::cb00:7108", "2002:cb00:7108::1", "2001::34ff:8ef7"],
        [
            "2001:db8:1:2::1", "[2001:db8:1:2::1]", "[2001:db8:1:2::1]:4711", "2001:DB8:1:2:0::1",
            "2001:db8:1:2::1%eth0", "[2001:db8:1:2::1%25eth0]:443", "2001:db8:1:2::ffff",
        ],
        ["2001:db8:1:3::1"],
        ["fe80::1", "fe80::1%eth0", "fe80::1%3", "[fe80::1%wlan0.2]:1"],
        ["::1", "[::1]:4711"], ["127.0.0.1", "127.0.0.1:1", "::ffff:127.0.0.1"],
        // A translator with a prefix of its own: each address is a host.
        ["64:ff9b:1::cb00:7107", "[64:ff9b:1::cb00:7107]:1"], ["64:ff9b:1::cb00:7108"],
    ]

    @Test("the forms of one host's address are one source, and its neighbour's another")
    func forms() throws {
        var seen: Set<[UInt8]> = []
        for forms in Self.hosts {
            let networks = try forms.map { form in
                let address = try #require(Source(form)?.address, "\(form)")
                #expect(IPAddress(asServersWrite: form)?.host == address)
                return address.network(ipv6PrefixBits: 64).bytes
            }
            #expect(Set(networks).count == 1, "\(forms)")
            #expect(seen.insert(networks[0]).inserted, "\(forms)")
        }
        #expect(seen.count == Self.hosts.count)
    }

    @Test(
        "what begins as an address and is none is no source",
        arguments: [
            "203.0.113", "203.0.113.", "203.0.113.7.1", "203.0.113.256", "203.0.113.07", "1.5",
            "203.0.113.7:", "203.0.113.7:65536", "203.0.113.7:+80", "203.0.113.7:http",
            "203.0.113.7:80:80", "203.0.113.7 ", " 203.0.113.7", "203.0.113.7/32",
            "203.0.113.7, 10.0.0.1", "\"203.0.113.7\"", "203.0.113.7%eth0", "203.0.113.7;x",
            "::", ":::", "1::2::3", "2001:db8::12345", "2001:db8::g", "2001:db8::1/64",
            "2001:db8:1:2:3:4:5:6:4711", "2001:db8::1%", "2001:db8::1%a%b", "2001:db8::1%a b",
            "[2001:db8::1", "[2001:db8::1]4711", "[2001:db8::1]:", "[2001:db8::1]:65536",
            "[203.0.113.7]", "[203.0.113.7]:80", "[]", "[::1]]:80", "[::1]:80 ", "::1:", "(::1)",
            "\u{a0}203.0.113.7", "203.0.113.7\u{200b}", "\u{200b}203.0.113.7",
            "\u{feff}2001:db8::1",
            "203.\u{2060}0.113.7", "2001:db8::1\u{3000}", "\u{2003}[2001:db8::1]", "\t203.0.113.7",
            "2001:db8::1, 2001:db8::2", "\"[2001:db8::1]:4711\"", "aa:bb:cc:dd:ee:ff",
        ])
    func begins(_ text: String) {
        // `::` is an address, of nobody in particular; the others are none.
        #expect((Source(text) == nil) == (text != "::"), "\(text)")
    }

    @Test(
        "whatever else an app tells its clients apart by is a source as it is",
        arguments: [
            "session 1", "4711", "user:4711", "203-0-113-7.isp.example", "203.0.113.7.isp.example",
            "4.3.2.1.in-addr.arpa", "host.example:80", "unix:", "unknown", "-", "_hidden", "cafe",
            "deadbeef", "cafe.example", "é", "\u{200b}é",
            "127.0.0.1_2", "12:34", "for=203.0.113.7",
        ])
    func others(_ text: String) throws {
        let source = try #require(Source(text))
        #expect(source.address == nil && source.text == text)
    }

    @Test("private is what no client on the Internet has")
    func isPrivate() throws {
        for (text, expected) in [
            ("127.255.255.255", true), ("10.0.0.1", true), ("172.15.0.1", false),
            ("172.16.0.1", true), ("172.32.0.1", false), ("192.168.0.1", true),
            ("192.169.0.1", false), ("169.254.0.1", true), ("100.63.0.1", false),
            ("100.64.0.1", true), ("100.127.0.1", true), ("100.128.0.1", false),
            ("0.0.0.0", true), ("::", true), ("::1", true), ("fc00::1", true), ("fdff::1", true),
            ("fe00::1", false), ("fe80::1", true), ("febf::1", true), ("fec0::1", false),
            ("2001:db8::1", false), ("203.0.113.7", false),
        ] {
            try #expect(#require(Source(text)?.address).isPrivate == expected, "\(text)")
        }
    }
}
