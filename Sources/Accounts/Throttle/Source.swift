// Where a code comes from, as the app says it: an address in any form that servers use, or any
// other text. Port and zone are ignored, so that one host is one source.

package struct Source: Equatable, Sendable {
    /// As it was sent.
    package let text: String
    /// Of the host behind it; nil for what is no address, and counts as it is.
    package let address: IPAddress?

    /// Nil for what begins as an address and is none: as a text it would be a source of its own
    /// each time.
    package init?(_ text: String) {
        self.text = text
        address = IPAddress(asServersWrite: text)?.host
        guard address != nil || !Self.beginsAsAddress(text) else { return nil }
    }

    /// Behind blanks, quotes and parentheses: `[`; two colons among hexadecimal digits; or digits
    /// with a dot, unless a name goes on with them, as a host's `203.0.113.7.isp.example` does.
    /// What nobody sees, in front or within, makes no name of an address.
    static func beginsAsAddress(_ text: String) -> Bool {
        let opening = Array(" \"'(".utf8)
        let seen = text.unicodeScalars.filter { !$0.isUnseen }
        let text = Array(String(String.UnicodeScalarView(seen)).utf8.drop { opening.contains($0) })
        if text.first == UInt8(ascii: "[") { return true }
        let digits = text.prefix { IPAddress.value(ofHex: $0) != nil || isPunctuation($0) }
        if digits.count(where: { $0 == UInt8(ascii: ":") }) >= 2 { return true }
        let four = text.prefix { isDecimal($0) || $0 == UInt8(ascii: ".") }
        guard let first = four.first, isDecimal(first), four.contains(UInt8(ascii: ".")) else {
            return false
        }
        return four.endIndex == text.endIndex || !isOfName(text[four.endIndex])
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    private static func isDecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || isDecimal(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}

extension Unicode.Scalar {
    /// A character that shows nothing, or a blank that is no space.
    fileprivate var isUnseen: Bool {
        guard value >= 0x80 else { return value < 0x20 || value == 0x7f }
        return properties.isWhitespace || properties.isDefaultIgnorableCodePoint
            || properties.generalCategory == .format || properties.generalCategory == .control
    }
}

extension IPAddress {
    /// Nil unless the whole text is an address as a web server, a proxy or a runtime writes it:
    /// alone, with a port (`203.0.113.7:4711`, `[2001:db8::1]:4711`), in brackets, with a zone
    /// (`fe80::1%eth0`). Port and zone say nothing about the host.
    package init?(asServersWrite text: String) {
        // What most send has neither, and is read once.
        if let address = IPAddress(text) {
            self = address
            return
        }
        guard let bare = Self.bare(text[...]), let address = IPAddress(String(bare)) else {
            return nil
        }
        self = address
    }

    private static func bare(_ text: Substring) -> Substring? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let inside = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard inside.contains(":"), rest.isEmpty || isPort(rest) else { return nil }
            return withoutZone(inside)
        }
        guard let colon = text.firstIndex(of: ":") else { return nil }
        // One colon: IPv4 and a port. A bare IPv6 address has two at least, and no port.
        guard text[text.index(after: colon)...].contains(":") else {
            return isPort(text[colon...]) ? text[..<colon] : nil
        }
        return withoutZone(text)
    }

    /// `:` and a number up to 65,535.
    private static func isPort(_ text: Substring) -> Bool {
        let digits = text.utf8.dropFirst()
        let decimal = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard text.first == ":", (1...5).contains(digits.count),
            digits.allSatisfy({ decimal.contains($0) })
        else { return false }
        return UInt16(String(text.dropFirst())) != nil
    }

    private static func withoutZone(_ text: Substring) -> Substring? {
        guard let percent = text.firstIndex(of: "%") else { return text }
        let zone = text[text.index(after: percent)...].utf8
        guard !zone.isEmpty, zone.allSatisfy(isOfZone) else { return nil }
        return text[..<percent]
    }

    /// An interface's name or number (RFC 4007 §11.2), which no text around an address has.
    private static func isOfZone(_ byte: UInt8) -> Bool {
        byte > UInt8(ascii: " ") && byte < 0x7f && !"%[]/,;\"'".utf8.contains(byte)
    }
}
