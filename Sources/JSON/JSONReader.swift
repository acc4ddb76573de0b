// Reads one line of the protocol: strict RFC 8259, one object, and a limit on everything. What it
// cannot read exactly, it refuses with a reason and a place. It repairs nothing, and no bytes make
// it trap. Numbers of a request are integers; those of a reply are passed over, and may be any.

package struct JSONReader {
    /// The outermost object is depth 1. Requests need 2; the rest is room. It also bounds the
    /// recursion below, so that no text can exhaust the stack.
    package static let depthMax = 4

    /// About twice the fields of the largest request. Names are compared pairwise, so that this
    /// also bounds the work: at most 32 · 31 / 2 = 496 comparisons per object.
    package static let fieldsMax = 32

    /// Requests hold short lists, such as the kinds of code to accept.
    package static let elementsMax = 64

    package let bytes: UnsafeRawBufferPointer
    package var position = 0

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The fields of the one object in `bytes`, in the order in which they were sent. The bytes are
    /// borrowed: nothing in the answer refers to them.
    package static func object(
        from bytes: UnsafeRawBufferPointer
    ) throws(JSONFault) -> [JSONField] {
        var fields: [JSONField] = []
        try read(bytes) { reader throws(JSONFault) in fields = try reader.object(depth: 1) }
        return fields
    }

    /// Has `object` read the one object in `bytes`, from its opening brace to past its closing one.
    package static func read(
        _ bytes: UnsafeRawBufferPointer, _ object: (inout JSONReader) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        var reader = JSONReader(bytes)
        guard !reader.startsWithByteOrderMark else { throw reader.fault(.byteOrderMark) }
        reader.skipWhitespace()
        guard try reader.peek() == UInt8(ascii: "{") else { throw reader.fault(.notAnObject) }
        try object(&reader)
        reader.skipWhitespace()
        guard reader.position == bytes.count else { throw reader.fault(.trailingBytes) }
    }

    /// The string that begins at `position` of a text, and that was read there before; nil when
    /// another kind of value does.
    package static func string(in bytes: UnsafeRawBufferPointer, at position: Int) -> String? {
        guard bytes[position] == UInt8(ascii: "\"") else { return nil }
        var reader = JSONReader(bytes)
        reader.position = position
        do throws(JSONFault) {
            return try reader.string()
        } catch {
            // The same bytes, which nobody has changed since `Fields` went through all of them.
            preconditionFailure("what could be read once can be read again")
        }
    }

    /// The value that begins at `position` of a text, and that was read there before.
    package static func value(in bytes: UnsafeRawBufferPointer, at position: Int) -> JSONValue {
        var reader = JSONReader(bytes)
        reader.position = position
        do throws(JSONFault) {
            return try reader.value(depth: 1)
        } catch {
            preconditionFailure("what could be read once can be read again")
        }
    }
}

// MARK: - Objects and arrays

extension JSONReader {
    /// Reads from the opening brace, which the caller has seen, and has `field` read each field,
    /// from its name to past its value.
    package mutating func fields(
        atMost countMax: Int = fieldsMax, _ field: (inout JSONReader) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        position += 1
        skipWhitespace()
        guard try peek() != UInt8(ascii: "}") else {
            position += 1
            return
        }

        var count = 0
        while true {
            guard count < countMax else { throw fault(.tooManyFields) }
            try field(&self)
            count += 1

            skipWhitespace()
            guard try peek() == UInt8(ascii: ",") else { break }
            position += 1
            skipWhitespace()
        }
        try expect(UInt8(ascii: "}"))
    }

    private mutating func object(depth: Int) throws(JSONFault) -> [JSONField] {
        var fields: [JSONField] = []
        try self.fields { reader throws(JSONFault) in
            fields.append(try reader.field(after: fields, depth: depth))
        }
        return fields
    }

    private mutating func field(
        after fields: [JSONField], depth: Int
    ) throws(JSONFault) -> JSONField {
        let start = position
        let name = try string()
        skipWhitespace()
        try expect(UInt8(ascii: ":"))
        do throws(JSONFault) {
            guard !Self.contains(fields, name) else {
                throw JSONFault(reason: .duplicateName, offset: start)
            }
            skipWhitespace()
            return JSONField(name: name, value: try value(depth: depth))
        } catch {
            guard depth == 1 else { throw error }
            throw JSONFault(reason: error.reason, offset: error.offset, field: name)
        }
    }

    /// Byte by byte. Swift's `==` would also find "é" composed and decomposed to be one name, but
    /// at a cost: a single line of 16 KiB with such names could hold the reader for 15 ms. Nothing
    /// is lost, since our names are lower-case ASCII, which is equivalent to nothing but itself.
    private static func contains(_ fields: [JSONField], _ name: String) -> Bool {
        let byteCount = name.utf8.count
        // Counts first: they are at hand, and names differ in length more often than not.
        for field in fields where field.name.utf8.count == byteCount {
            if field.name.utf8.elementsEqual(name.utf8) { return true }
        }
        return false
    }

    /// Reads from the opening bracket, which the caller has seen, and has `element` read each
    /// element.
    package mutating func elements(
        atMost countMax: Int = elementsMax, _ element: (inout JSONReader) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        position += 1
        skipWhitespace()
        guard try peek() != UInt8(ascii: "]") else {
            position += 1
            return
        }

        var count = 0
        while true {
            guard count < countMax else { throw fault(.tooManyElements) }
            try element(&self)
            count += 1

            skipWhitespace()
            guard try peek() == UInt8(ascii: ",") else { break }
            position += 1
            skipWhitespace()
        }
        try expect(UInt8(ascii: "]"))
    }

    private mutating func array(depth: Int) throws(JSONFault) -> [JSONValue] {
        var elements: [JSONValue] = []
        try self.elements { reader throws(JSONFault) in
            elements.append(try reader.value(depth: depth))
        }
        return elements
    }

    /// Passes a value inside a container of this depth.
    package mutating func skipValue(depth: Int) throws(JSONFault) {
        guard try peek() == UInt8(ascii: "\"") else {
            _ = try value(depth: depth)
            return
        }
        try skipString()
    }

    /// A value inside a container of this depth.
    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        switch try peek() {
        case UInt8(ascii: "\""):
            return .string(try string())
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            return .integer(try integer())
        case UInt8(ascii: "{"):
            guard depth < Self.depthMax else { throw fault(.tooDeep) }
            return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["):
            guard depth < Self.depthMax else { throw fault(.tooDeep) }
            return .array(try array(depth: depth + 1))
        case UInt8(ascii: "t"):
            try expect(word: "true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try expect(word: "false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try expect(word: "null")
            return .null
        default:
            throw fault(.unexpectedByte)
        }
    }
}
