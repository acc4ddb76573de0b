// Reads a reply strictly enough (RFC 8259) to say whether it is a yes. At the first byte that it is
// not sure of it gives up, and the reply is a no.

struct ReplyScan {
    /// Replies are three deep at most.
    private static let depthMax = 16

    private let bytes: [UInt8]
    private var position = 0

    static func saysYes(_ line: [UInt8]) -> Bool {
        guard String(validating: line, as: UTF8.self) != nil else { return false }
        var scan = ReplyScan(bytes: line)
        return scan.readReply()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The object on top. Its names must differ, and have no escapes: `"\u006fk"` is `"ok"` too,
    /// and totpd never writes a name like that.
    private mutating func readReply() -> Bool {
        var names: Set<[UInt8]> = []
        var isYes = false

        skipSpace()
        guard take("{") else { return false }
        repeat {
            skipSpace()
            guard let name = readString(), !name.contains(UInt8(ascii: "\\")),
                names.insert(Array(name)).inserted
            else { return false }
            skipSpace()
            guard take(":") else { return false }
            skipSpace()
            let start = position
            guard readValue(depth: 1) else { return false }
            if name.elementsEqual("ok".utf8) {
                isYes = bytes[start..<position].elementsEqual("true".utf8)
            }
            skipSpace()
        } while take(",")
        guard take("}") else { return false }

        skipSpace()
        return isYes && position == bytes.count
    }

    private mutating func readValue(depth: Int) -> Bool {
        guard depth < Self.depthMax, position < bytes.count else { return false }
        switch bytes[position] {
        case UInt8(ascii: "{"): return readObject(depth: depth)
        case UInt8(ascii: "["): return readArray(depth: depth)
        case UInt8(ascii: "\""): return readString() != nil
        case UInt8(ascii: "t"): return take("true")
        case UInt8(ascii: "f"): return take("false")
        case UInt8(ascii: "n"): return take("null")
        default: return readNumber()
        }
    }

    private mutating func readObject(depth: Int) -> Bool {
        guard take("{") else { return false }
        skipSpace()
        if take("}") { return true }
        repeat {
            skipSpace()
            guard readString() != nil else { return false }
            skipSpace()
            guard take(":") else { return false }
            skipSpace()
            guard readValue(depth: depth + 1) else { return false }
            skipSpace()
        } while take(",")
        return take("}")
    }

    private mutating func readArray(depth: Int) -> Bool {
        guard take("[") else { return false }
        skipSpace()
        if take("]") { return true }
        repeat {
            skipSpace()
            guard readValue(depth: depth + 1) else { return false }
            skipSpace()
        } while take(",")
        return take("]")
    }

    /// A string's inside, with its escapes as they stand.
    private mutating func readString() -> ArraySlice<UInt8>? {
        guard take("\"") else { return nil }
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return bytes[start..<position - 1]
            case UInt8(ascii: "\\"):
                guard readEscape() else { return nil }
            case 0..<0x20: return nil
            case _: position += 1
            }
        }
        return nil
    }

    private mutating func readEscape() -> Bool {
        position += 1
        if take("u") {
            let digits = bytes[position...].prefix(4)
            position += digits.count
            return digits.count == 4
                && digits.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
        }
        guard position < bytes.count, "\"\\/bfnrt".utf8.contains(bytes[position]) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func readNumber() -> Bool {
        _ = take("-")
        if !take("0") {
            guard readDigits() else { return false }
        }
        if take("."), !readDigits() { return false }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            return readDigits()
        }
        return true
    }

    private mutating func readDigits() -> Bool {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        return position > start
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let isThere = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
        if isThere { position += text.utf8CodeUnitCount }
        return isThere
    }

    private mutating func skipSpace() {
        while position < bytes.count, " \t\r\n".utf8.contains(bytes[position]) { position += 1 }
    }
}
