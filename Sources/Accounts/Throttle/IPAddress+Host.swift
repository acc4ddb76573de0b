// Which host is behind an address of a translator or a tunnel: its IPv4 address. So two hosts
// behind one translator are two, and one host of a tunnel is one.

extension IPAddress {
    /// The host behind the address. What is neither translated nor tunnelled is its own.
    ///
    /// A translator shows all of IPv4 inside one IPv6 prefix, and a Teredo server its clients in a
    /// /64: by networks they would be one source. A 6to4 site has 65,536 networks of its own.
    package var host: IPAddress {
        guard bytes.count == 16, let four = Self.embedded(bytes) else { return self }
        return IPAddress(bytes: four)
    }

    private static func embedded(_ bytes: [UInt8]) -> [UInt8]? {
        let last = Array(bytes[12...])
        // NAT64 and its stateless kin under the well-known prefix (RFC 6052 §2.1).
        if bytes.starts(with: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]) { return last }
        // IPv4-translated, of the first SIIT (RFC 2765 §2.1).
        if bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0]) { return last }
        // 6to4: the site's own address (RFC 3056 §2).
        if bytes.starts(with: [0x20, 0x02]) { return Array(bytes[2..<6]) }
        // Teredo: the client's, every bit of it turned over (RFC 4380 §4).
        if bytes.starts(with: [0x20, 0x01, 0, 0]) { return last.map { ~$0 } }
        // IPv4-compatible (RFC 4291 §2.5.5.1); but `::` is nobody, and `::1` this host.
        if bytes.starts(with: [UInt8](repeating: 0, count: 12)), last.starts(with: [0, 0, 0]) {
            return last[3] > 1 ? last : nil
        }
        return bytes.starts(with: [UInt8](repeating: 0, count: 12)) ? last : nil
    }

    /// NAT64 with a prefix of the network's own (RFC 8215): where in it the IPv4 address stands is
    /// the operator's, so each address is a host.
    var isOfLocalTranslator: Bool {
        bytes.starts(with: [0, 0x64, 0xff, 0x9b, 0, 1])
    }

    /// Of this host, of a network that has its addresses to itself, or of nobody: what a server
    /// sees whose proxy does not tell it who is behind.
    package var isPrivate: Bool {
        guard bytes.count == 4 else {
            // Unique local (RFC 4193), link-local (RFC 4291 §2.5.6), `::1` and `::`.
            return bytes[0] & 0xfe == 0xfc || bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
                || bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] <= 1
        }
        switch bytes[0] {
        case 0, 10, 127: return true
        // Shared between a provider and its customers (RFC 6598).
        case 100: return bytes[1] & 0xc0 == 64
        case 169: return bytes[1] == 254
        case 172: return bytes[1] & 0xf0 == 16
        case 192: return bytes[1] == 168
        default: return false  // A byte has too many values to list.
        }
    }
}
