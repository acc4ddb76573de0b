// Texts that are addresses, texts that are not, and which addresses are one network. The expected
// bytes are what inet_pton(3) gives.

import Glibc
import SeededRandom
import Testing

@testable import Accounts

@Suite struct IPAddressTests {
    static let good: [(String, [UInt8])] = [
        ("0.0.0.0", [0, 0, 0, 0]),
        ("203.0.113.7", [203, 0, 113, 7]),
        ("255.255.255.255", [255, 255, 255, 255]),
        ("::", [UInt8](repeating: 0, count: 16)),
        ("::1", [UInt8](repeating: 0, count: 15) + [1]),
        ("2001:db8::1", [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]),
        ("2001:DB8::1", [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]),
        ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
        ("1:2:3:4:5:6:7::", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]),
        ("::2:3:4:5:6:7:8", [0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
        ("64:ff9b::192.0.2.1", [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1]),
        // The same host, whichever socket it came by.
        ("::ffff:203.0.113.7", [203, 0, 113, 7]),
        ("::ffff:cb00:7107", [203, 0, 113, 7]),
    ]

    static let bad = [
        "", " ", "203.0.113", "203.0.113.7.1", "203.0.113.", ".203.0.113", "203..113.7",
        "203.0.113.256", "203.0.113.07", "0xcb.0.113.7", "203.0.113.7 ", "203.0.113.7/32",
        "203.0.113.-7", "203.0.113.1000", "3405803783", "localhost", ":", ":::", "::1::", "1::2::3",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "1:2:3:4::5:6:7:8", "12345::",
        "g::1", "fe80::1%eth0", "[::1]", "::1/64", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "::1.2.3",
        "1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "::ffff:1.2.3.256", "١.٢.٣.٤",
    ]

    @Test(arguments: good) func isAnAddress(_ text: String, _ bytes: [UInt8]) throws {
        try #expect(#require(IPAddress(text)).bytes == bytes)
    }

    @Test(arguments: bad) func isNone(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("one host's addresses are one network, its neighbour's another")
    func networks() throws {
        let home = try #require(IPAddress("2001:db8:1:2:3:4:5:6"))
        let same = try #require(IPAddress("2001:db8:1:2:ffff::1"))
        let next = try #require(IPAddress("2001:db8:1:3:3:4:5:6"))
        #expect(home.network(ipv6PrefixBits: 64) == same.network(ipv6PrefixBits: 64))
        #expect(home.network(ipv6PrefixBits: 64) != next.network(ipv6PrefixBits: 64))
        #expect(home.network(ipv6PrefixBits: 63) == next.network(ipv6PrefixBits: 63))
        #expect(home.network(ipv6PrefixBits: 128) == home)
        let sixty = try #require(IPAddress("2001:db8:1:2:f000::"))
        #expect(home.network(ipv6PrefixBits: 68) != sixty.network(ipv6PrefixBits: 68))
        #expect(
            sixty.network(ipv6PrefixBits: 66).bytes
                == [0x20, 1, 0x0d, 0xb8, 0, 1, 0, 2, 0xc0, 0, 0, 0, 0, 0, 0, 0])
        let four = try #require(IPAddress("203.0.113.7"))
        #expect(four.network(ipv6PrefixBits: 64) == four)
    }

    @Test("reads what inet_pton reads, and nothing else")
    func likeInetPton() {
        var random = SeededGenerator.announced()
        let pieces = [
            ":", "::", ".", "0", "1", "12", "255", "256", "00", "f", "ffff", "abcde", "1.2.3.4",
            "fe80", "g", " ",
        ]
        var found = 0
        for _ in 0..<200_000 {
            let count = Int.random(in: 1...15, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            #expect(IPAddress(text)?.bytes == Self.reference(text), "\(text)")
            if IPAddress(text) != nil { found += 1 }
        }
        #expect(found > 100, "texts of chance hold some addresses: \(found)")
    }

    private static func reference(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes[..<4]) }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
        return bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
    }
}
