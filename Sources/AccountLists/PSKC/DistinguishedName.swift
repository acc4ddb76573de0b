// The user in a distinguished name of PSKC (RFC 6030 §4.3.1; RFC 4514): of `CN=ada,O=Example` it is
// `ada`. A name with several candidates is refused.

enum DistinguishedName {
    /// The value of its one CN or UID; a text without `=` is a user as it is.
    static func user(in text: String) throws(RowFault) -> String {
        guard text.contains("=") else { return text }
        var values: [String] = []
        for part in try parts(of: text) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, isType(pair[0].trimmed) else { throw malformed }
            let isUser = ["cn", "uid"].contains(pair[0].trimmed.lowercased())
            if isUser { values.append(try unescaped(pair[1])) }
        }
        guard values.count == 1 else {
            throw RowFault(
                field: "UserId",
                "a distinguished name with one CN or UID is expected, and this has "
                    + "\(values.count)")
        }
        return values[0]
    }

    private static let malformed = RowFault(
        field: "UserId", "a user or a distinguished name such as CN=ada is expected")

    private static func isType(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*/) != nil
    }

    /// Between the commas, plus signs and semicolons that stand for themselves.
    private static func parts(of text: String) throws(RowFault) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                // RFC 2253's older form; what it quotes would have to be read by its own rules.
                throw malformed
            } else if ",;+".contains(character) {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        guard !isEscaped else { throw malformed }
        return parts + [text[start...]]
    }

    private static func unescaped(_ value: Substring) throws(RowFault) -> String {
        let trimmed = value.trimmed
        guard !trimmed.hasPrefix("#") else { throw malformed }
        var bytes: [UInt8] = []
        var rest = trimmed.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            let hex = rest.prefix(2)
            if hex.count == 2, hex.allSatisfy(isHexDigit),
                let value = UInt8(String(decoding: hex, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else if let escaped = rest.popFirst() {
                bytes.append(escaped)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed }
        return text
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            return true
        default: return false  // A byte has too many values to list.
        }
    }
}
