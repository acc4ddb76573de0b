// Appends one compact JSON object to a growing buffer: a reply, or a line of a stream. Every strict
// reader understands it alike.

package struct JSONWriter {
    /// What was written so far. Taking it copies nothing, unless one writes on while holding it.
    package private(set) var bytes: [UInt8]

    /// True when the next field or element is the first of its container.
    private var isFirst = true
    private var isOpen = false

    package init(reserving byteCount: Int) {
        bytes = []
        bytes.reserveCapacity(byteCount)
    }

    /// Writes on after what stands in `text`, which is empty meanwhile; `give(to:)` puts it back.
    package init(continuing text: inout [UInt8]) {
        bytes = []
        swap(&bytes, &text)
    }

    package mutating func give(to text: inout [UInt8]) {
        precondition(!isOpen, "a text is given once its object has ended")
        swap(&bytes, &text)
    }

    package mutating func begin() {
        precondition(!isOpen, "begin comes once, before end; objects inside are written by nested")
        isOpen = true
        isFirst = true
        bytes.append(UInt8(ascii: "{"))
    }

    @discardableResult
    package mutating func end() -> [UInt8] {
        precondition(isOpen, "end comes after begin")
        isOpen = false
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// The line feed after an object, so that the next one may begin.
    package mutating func endLine() {
        precondition(!isOpen, "a line ends after its object")
        bytes.append(UInt8(ascii: "\n"))
    }
}

// MARK: - Fields

// Names are written as they are: they come from the source, not from a client, and ours are of
// letters and underscores, which need no escape.
extension JSONWriter {
    package mutating func field(_ name: StaticString, _ value: Bool) {
        append(name: name)
        append(value)
    }

    package mutating func field(_ name: StaticString, _ value: Int) {
        append(name: name)
        append(Int64(value))
    }

    package mutating func field(_ name: StaticString, _ value: Int64) {
        append(name: name)
        append(value)
    }

    package mutating func field(_ name: StaticString, _ value: String) {
        append(name: name)
        append(value)
    }

    package mutating func field(_ name: StaticString, _ values: [String]) {
        append(name: name)
        list(values) { $0.append($1) }
    }

    /// Gives back what a client sent, such as the id of its request.
    package mutating func field(_ name: StaticString, _ value: JSONValue) {
        append(name: name)
        append(value)
    }

    package mutating func nested(
        _ name: StaticString, _ write: (inout JSONWriter) throws -> Void
    ) rethrows {
        append(name: name)
        try object(write)
    }

    /// An array of objects, one for each item.
    package mutating func nested<Item>(
        _ name: StaticString, each items: some Sequence<Item>,
        _ write: (inout JSONWriter, Item) throws -> Void
    ) rethrows {
        append(name: name)
        try list(items) { (writer, item) in
            try writer.object { try write(&$0, item) }
        }
    }
}

// MARK: - Values

extension JSONWriter {
    private mutating func append(name: StaticString) {
        precondition(isOpen, "fields stand between begin and end")
        assert(Self.isPlain(name), "a name that needs an escape: \(name)")
        append(verbatim: isFirst ? "\"" : ",\"")
        isFirst = false
        append(verbatim: name)
        append(verbatim: "\":")
    }

    private mutating func append(verbatim text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private static func isPlain(_ name: StaticString) -> Bool {
        name.withUTF8Buffer { $0.allSatisfy { !needsEscape($0) } }
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func object(_ write: (inout JSONWriter) throws -> Void) rethrows {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
        try write(&self)
        isFirst = false
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func list<Item>(
        _ items: some Sequence<Item>, _ write: (inout JSONWriter, Item) throws -> Void
    ) rethrows {
        bytes.append(UInt8(ascii: "["))
        isFirst = true
        for item in items {
            separate()
            try write(&self, item)
        }
        isFirst = false
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func append(_ value: JSONValue) {
        switch value {
        case .null: append(verbatim: "null")
        case .bool(let value): append(value)
        case .integer(let value): append(value)
        case .string(let value): append(value)
        case .array(let elements): list(elements) { $0.append($1) }
        case .object(let fields):
            object { (writer) in
                for field in fields {
                    writer.separate()
                    writer.append(field.name)
                    writer.bytes.append(UInt8(ascii: ":"))
                    writer.append(field.value)
                }
            }
        }
    }

    private mutating func append(_ value: Bool) {
        append(verbatim: value ? "true" : "false")
    }

    private mutating func append(_ value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = value.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0

        // The digits came out last to first.
        var (left, right) = (start, bytes.count - 1)
        while left < right {
            bytes.swapAt(left, right)
            left += 1
            right -= 1
        }
    }
}

// MARK: - Strings

extension JSONWriter {
    private mutating func append(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { append(escaping: $0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Copies the runs between characters that need an escape, which most strings have none of.
    private mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in text.indices where Self.needsEscape(text[index]) {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
            append(escape: text[index])
            start = index + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    /// What RFC 8259 demands and no more: all other characters stand for themselves.
    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func append(escape byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append(verbatim: "\\\"")
        case UInt8(ascii: "\\"): append(verbatim: "\\\\")
        case 0x08: append(verbatim: "\\b")
        case 0x0C: append(verbatim: "\\f")
        case UInt8(ascii: "\n"): append(verbatim: "\\n")
        case UInt8(ascii: "\r"): append(verbatim: "\\r")
        case UInt8(ascii: "\t"): append(verbatim: "\\t")
        default:
            append(verbatim: byte < 0x10 ? "\\u000" : "\\u001")
            let digit = byte & 0x0F
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
