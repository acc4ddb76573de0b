// An IP address as bytes, so that one host has one spelling. The whole text must be an address, as
// for inet_pton(3).

/// IPv4, or IPv6 without a zone. An IPv4 address inside IPv6 (`::ffff:203.0.113.7`) is that IPv4
/// address: which of the two a server sees depends on how it listens.
package struct IPAddress: Equatable, Sendable {
    /// 4 or 16.
    package let bytes: [UInt8]

    /// Nil unless the whole text is an address as inet_pton(3) reads it.
    package init?(_ text: String) {
        let text = Array(text.utf8)
        let isSix = text.contains(UInt8(ascii: ":"))
        guard let bytes = isSix ? Self.six(text[...]) : Self.four(text[...]) else { return nil }
        let isMapped = bytes.count == 16 && bytes[..<12].elementsEqual(Self.mapped)
        self.bytes = isMapped ? Array(bytes[12...]) : bytes
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The network of an IPv6 address, of which one host has all addresses; an IPv4 address itself.
    package func network(ipv6PrefixBits bits: Int) -> IPAddress {
        guard bytes.count == 16, !isOfLocalTranslator else { return self }
        let masked = bytes.indices.map { index in
            let kept = min(max(bits - 8 * index, 0), 8)
            return bytes[index] & UInt8(truncatingIfNeeded: 0xff00 >> kept)
        }
        return IPAddress(bytes: masked)
    }

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

    /// Four decimal numbers from 0 to 255, without zeros in front: elsewhere those mean octal.
    private static func four(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.first != UInt8(ascii: "0") || part.count == 1
            else { return nil }
            var number = 0
            for digit in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
                number = 10 * number + Int(digit - UInt8(ascii: "0"))
            }
            guard let byte = UInt8(exactly: number) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Eight groups, or fewer and once `::` for at least one group of zeros (RFC 4291 §2.2).
    private static func six(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let colon = UInt8(ascii: ":")
        var gap: Int?
        for index in text.indices.dropLast() where text[index] == colon && text[index + 1] == colon
        {
            guard gap == nil else { return nil }
            gap = index
        }
        guard let gap else {
            guard let all = groups(text), all.count == 16 else { return nil }
            return all
        }
        guard let before = groups(text[..<gap], isLast: false),
            let after = groups(text[(gap + 2)...])
        else { return nil }
        let zeros = 16 - before.count - after.count
        guard zeros >= 2 else { return nil }
        return before + [UInt8](repeating: 0, count: zeros) + after
    }

    /// Groups of up to four hexadecimal digits; the last two may stand as an IPv4 address.
    private static func groups(_ text: ArraySlice<UInt8>, isLast: Bool = true) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if isLast, index == parts.count - 1, let four = four(part) { return bytes + four }
            guard (1...4).contains(part.count) else { return nil }
            var group: UInt16 = 0
            for digit in part {
                guard let value = Self.value(ofHex: digit) else { return nil }
                group = group << 4 | value
            }
            bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
        }
        return bytes
    }

    static func value(ofHex digit: UInt8) -> UInt16? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return UInt16(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return UInt16(digit - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return UInt16(digit - UInt8(ascii: "A") + 10)
        default: return nil  // No hexadecimal digit: a byte has too many values to list.
        }
    }
}
