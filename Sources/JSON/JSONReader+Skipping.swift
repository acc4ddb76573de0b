// Passes over values that nobody asks for, of whatever kind: a reply may hold what this version
// does not know. The grammar is RFC 8259's, fractions and exponents included; nothing is kept.

extension JSONReader {
    /// Replies are three deep at most. It also bounds the recursion below.
    package static let skippedDepthMax = 16

    /// Passes any value inside a container of this depth.
    package mutating func skipAnyValue(depth: Int) throws(JSONFault) {
        switch try peek() {
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "{"):
            guard depth < Self.skippedDepthMax else { throw fault(.tooDeep) }
            try fields(atMost: .max) { reader throws(JSONFault) in
                try reader.skipString()
                reader.skipWhitespace()
                try reader.expect(UInt8(ascii: ":"))
                reader.skipWhitespace()
                try reader.skipAnyValue(depth: depth + 1)
            }
        case UInt8(ascii: "["):
            guard depth < Self.skippedDepthMax else { throw fault(.tooDeep) }
            try elements(atMost: .max) { reader throws(JSONFault) in
                try reader.skipAnyValue(depth: depth + 1)
            }
        case UInt8(ascii: "t"): try expect(word: "true")
        case UInt8(ascii: "f"): try expect(word: "false")
        case UInt8(ascii: "n"): try expect(word: "null")
        default: try skipNumber()
        }
    }

    private mutating func skipNumber() throws(JSONFault) {
        if try peek() == UInt8(ascii: "-") { position += 1 }
        if try peek() == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        guard position < bytes.count,
            bytes[position] == UInt8(ascii: "e") || bytes[position] == UInt8(ascii: "E")
        else { return }
        position += 1
        let sign = try peek()
        if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
        try skipDigits()
    }

    /// One at least.
    private mutating func skipDigits() throws(JSONFault) {
        guard Self.isDigit(try peek()) else { throw fault(.unexpectedByte) }
        while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
    }
}
